/// Statements and row mapping that repositories share.
@NullMarked
package dev.arcticsynth.task.sql;

import org.jspecify.annotations.NullMarked;
