/// What benchmarks need and the product does not.
@NullMarked
package dev.arcticsynth.bench;

import org.jspecify.annotations.NullMarked;
