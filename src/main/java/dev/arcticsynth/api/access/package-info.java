/// Which calls are let in: checks of the head, before routing and before anything is read.
@NullMarked
package dev.arcticsynth.api.access;

import org.jspecify.annotations.NullMarked;
