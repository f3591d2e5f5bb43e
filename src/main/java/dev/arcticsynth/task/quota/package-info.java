/// Input tokens in flight, admission, accounts that are out of order.
@NullMarked
package dev.arcticsynth.task.quota;

import org.jspecify.annotations.NullMarked;
