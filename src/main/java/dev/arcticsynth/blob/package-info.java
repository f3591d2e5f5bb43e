/// Requests and results as JSON lines, in immutable compressed pieces.
@NullMarked
package dev.arcticsynth.blob;

import org.jspecify.annotations.NullMarked;
