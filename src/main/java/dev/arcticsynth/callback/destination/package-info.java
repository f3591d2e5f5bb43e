/// Where callbacks may go.
@NullMarked
package dev.arcticsynth.callback.destination;

import org.jspecify.annotations.NullMarked;
