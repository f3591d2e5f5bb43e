@NullMarked
package dev.arcticsynth.embedded;

import org.jspecify.annotations.NullMarked;
