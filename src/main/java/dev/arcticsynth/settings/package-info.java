/// What holds for the settings of all packages.
@NullMarked
package dev.arcticsynth.settings;

import org.jspecify.annotations.NullMarked;
