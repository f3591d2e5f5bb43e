/// The command line: a `main` of its own and an HTTP client of the service.
@NullMarked
package dev.arcticsynth.cli;

import org.jspecify.annotations.NullMarked;
