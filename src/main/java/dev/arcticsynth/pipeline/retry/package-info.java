/// Back-off, and what a failure means for a partition.
@NullMarked
package dev.arcticsynth.pipeline.retry;

import org.jspecify.annotations.NullMarked;
