/// Secrets that sign callbacks, encrypted at rest.
@NullMarked
package dev.arcticsynth.callback.secret;

import org.jspecify.annotations.NullMarked;
