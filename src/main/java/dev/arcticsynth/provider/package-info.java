/// The port to providers. Adapters live in the packages below and are found by injection.
@NullMarked
package dev.arcticsynth.provider;

import org.jspecify.annotations.NullMarked;
