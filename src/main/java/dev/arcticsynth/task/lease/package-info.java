/// Claims of rows that are due, with a lease and its token.
@NullMarked
package dev.arcticsynth.task.lease;

import org.jspecify.annotations.NullMarked;
