@NullMarked
package dev.arcticsynth.callback;

import org.jspecify.annotations.NullMarked;
