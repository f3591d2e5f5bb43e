/// What a person sees: progress, tables, messages, exit codes.
@NullMarked
package dev.arcticsynth.cli.terminal;

import org.jspecify.annotations.NullMarked;
