/// Requests and results as JSON lines, in immutable compressed chunks.
@NullMarked
package dev.arcticsynth.blob;

import org.jspecify.annotations.NullMarked;
