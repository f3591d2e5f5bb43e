/// The folder of what must not be read by other users of the machine.
@NullMarked
package dev.arcticsynth.home;

import org.jspecify.annotations.NullMarked;
