/// The command line against a small server of its own.
@NullMarked
package dev.arcticsynth.cli;

import org.jspecify.annotations.NullMarked;
