/// The service as an HTTP client sees it.
@NullMarked
package dev.arcticsynth.cli.client;

import org.jspecify.annotations.NullMarked;
