/// One class a command.
@NullMarked
package dev.arcticsynth.cli.command;

import org.jspecify.annotations.NullMarked;
