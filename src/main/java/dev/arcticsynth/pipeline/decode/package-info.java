/// Bodies in other forms than lines.
@NullMarked
package dev.arcticsynth.pipeline.decode;

import org.jspecify.annotations.NullMarked;
