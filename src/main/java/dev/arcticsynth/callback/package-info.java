/// Webhooks to callers: signed, recorded, retried, and sent only where they may go.
@NullMarked
package dev.arcticsynth.callback;

import org.jspecify.annotations.NullMarked;
