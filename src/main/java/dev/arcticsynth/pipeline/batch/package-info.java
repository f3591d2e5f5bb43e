/// From partitions to provider batches: split, submit, reconcile, poll.
@NullMarked
package dev.arcticsynth.pipeline.batch;

import org.jspecify.annotations.NullMarked;
