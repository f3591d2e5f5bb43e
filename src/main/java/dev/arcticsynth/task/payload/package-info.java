/// Which lines of which blob are which requests and results.
@NullMarked
package dev.arcticsynth.task.payload;

import org.jspecify.annotations.NullMarked;
