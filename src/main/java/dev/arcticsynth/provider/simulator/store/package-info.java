/// The simulator's files, batches and ledger on disk.
@NullMarked
package dev.arcticsynth.provider.simulator.store;

import org.jspecify.annotations.NullMarked;
