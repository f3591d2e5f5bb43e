/// Callback deliveries and secrets over HTTP.
@NullMarked
package dev.arcticsynth.api.callback;

import org.jspecify.annotations.NullMarked;
