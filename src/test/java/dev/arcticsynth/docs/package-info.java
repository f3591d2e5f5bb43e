/// The documents of the repository, held against the code and against the running program.
@NullMarked
package dev.arcticsynth.docs;

import org.jspecify.annotations.NullMarked;
