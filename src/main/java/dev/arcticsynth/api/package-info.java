/// HTTP in, problems out. The records here are the wire of `/v1`; the command line reads the same
/// ones.
@NullMarked
package dev.arcticsynth.api;

import org.jspecify.annotations.NullMarked;
