/// JSON lines as bytes: reading, naming, writing.
@NullMarked
package dev.arcticsynth.pipeline.lines;

import org.jspecify.annotations.NullMarked;
