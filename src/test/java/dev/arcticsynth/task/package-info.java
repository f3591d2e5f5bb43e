@NullMarked
package dev.arcticsynth.task;

import org.jspecify.annotations.NullMarked;
