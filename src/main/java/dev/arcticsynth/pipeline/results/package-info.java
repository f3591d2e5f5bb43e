/// From remote files to results in input order.
@NullMarked
package dev.arcticsynth.pipeline.results;

import org.jspecify.annotations.NullMarked;
