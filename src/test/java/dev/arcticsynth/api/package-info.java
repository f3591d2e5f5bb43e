@NullMarked
package dev.arcticsynth.api;

import org.jspecify.annotations.NullMarked;
