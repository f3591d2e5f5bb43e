@NullMarked
package dev.arcticsynth;

import org.jspecify.annotations.NullMarked;
