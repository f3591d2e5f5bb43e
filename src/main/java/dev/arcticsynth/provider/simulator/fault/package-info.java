/// Faults that the simulator commits on demand.
@NullMarked
package dev.arcticsynth.provider.simulator.fault;

import org.jspecify.annotations.NullMarked;
