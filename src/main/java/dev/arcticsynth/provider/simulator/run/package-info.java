/// How the simulator checks and answers batches.
@NullMarked
package dev.arcticsynth.provider.simulator.run;

import org.jspecify.annotations.NullMarked;
