/// The connections of callers: how many there are, and how long they may be slow.
@NullMarked
package dev.arcticsynth.connection;

import org.jspecify.annotations.NullMarked;
