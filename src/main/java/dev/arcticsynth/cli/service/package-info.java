/// The service started inside a command.
@NullMarked
package dev.arcticsynth.cli.service;

import org.jspecify.annotations.NullMarked;
