/// The state: rows, states, events, and the rules between them.
@NullMarked
package dev.arcticsynth.task;

import org.jspecify.annotations.NullMarked;
