/// Deliveries: signed, sent, recorded, retried.
@NullMarked
package dev.arcticsynth.callback.delivery;

import org.jspecify.annotations.NullMarked;
