/// Places where a process can be told to die, stop, fail or wait: the proof's way into the code.
///
/// Off unless an environment variable says otherwise, and free then.
@NullMarked
package dev.arcticsynth.failpoint;

import org.jspecify.annotations.NullMarked;
