/// The bodies of callers, while they arrive.
@NullMarked
package dev.arcticsynth.pipeline.body;

import org.jspecify.annotations.NullMarked;
