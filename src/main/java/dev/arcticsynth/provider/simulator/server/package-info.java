/// The simulator's HTTP interface.
@NullMarked
package dev.arcticsynth.provider.simulator.server;

import org.jspecify.annotations.NullMarked;
