/// Places where a test can make the process die, stop, fail or wait.
///
/// Off, and free, unless an environment variable is set.
@NullMarked
package dev.arcticsynth.failpoint;

import org.jspecify.annotations.NullMarked;
