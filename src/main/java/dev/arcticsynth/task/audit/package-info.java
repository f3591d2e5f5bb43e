/// What audits of a provider's account read and write.
@NullMarked
package dev.arcticsynth.task.audit;

import org.jspecify.annotations.NullMarked;
