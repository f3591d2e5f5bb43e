/// A server that speaks the OpenAI Files and Batches wire, for trying out and for tests: faults on
/// demand, and a ledger of what it billed. All its state is in one directory.
@NullMarked
package dev.arcticsynth.provider.simulator;

import org.jspecify.annotations.NullMarked;
