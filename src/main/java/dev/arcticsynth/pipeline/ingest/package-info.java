/// From a caller's body to stored requests.
@NullMarked
package dev.arcticsynth.pipeline.ingest;

import org.jspecify.annotations.NullMarked;
