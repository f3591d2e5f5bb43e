/// Options that several commands share.
@NullMarked
package dev.arcticsynth.cli.options;

import org.jspecify.annotations.NullMarked;
