/// A provider's account: audits, recovery after a fail-over, retention, files.
@NullMarked
package dev.arcticsynth.pipeline.account;

import org.jspecify.annotations.NullMarked;
