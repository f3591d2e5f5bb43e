/// What commands do with files and tasks.
@NullMarked
package dev.arcticsynth.cli.job;

import org.jspecify.annotations.NullMarked;
