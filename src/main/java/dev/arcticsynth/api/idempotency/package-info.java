/// Calls with an `Idempotency-Key`: done once, answered the same each time.
@NullMarked
package dev.arcticsynth.api.idempotency;

import org.jspecify.annotations.NullMarked;
