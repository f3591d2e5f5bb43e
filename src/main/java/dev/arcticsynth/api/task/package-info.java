/// Tasks, their requests, results, partitions and events over HTTP.
@NullMarked
package dev.arcticsynth.api.task;

import org.jspecify.annotations.NullMarked;
