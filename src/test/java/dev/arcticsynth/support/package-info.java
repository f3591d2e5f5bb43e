/// What several tests need.
@NullMarked
package dev.arcticsynth.support;

import org.jspecify.annotations.NullMarked;
