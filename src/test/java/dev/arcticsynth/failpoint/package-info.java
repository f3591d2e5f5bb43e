@org.jspecify.annotations.NullMarked
package dev.arcticsynth.failpoint;
