/// Stored answers of calls with an `Idempotency-Key`.
@NullMarked
package dev.arcticsynth.task.idempotency;

import org.jspecify.annotations.NullMarked;
