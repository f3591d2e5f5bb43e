@NullMarked
package dev.arcticsynth.pipeline;

import org.jspecify.annotations.NullMarked;
