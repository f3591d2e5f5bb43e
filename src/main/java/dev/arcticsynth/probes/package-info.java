/// Probes and metrics on a port of their own.
@NullMarked
package dev.arcticsynth.probes;

import org.jspecify.annotations.NullMarked;
