/// Input tokens in flight, admission, and the circuit breaker of accounts.
@NullMarked
package dev.arcticsynth.task.quota;

import org.jspecify.annotations.NullMarked;
