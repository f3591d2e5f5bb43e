/// The flow, in order: Ingest, Split, Submit, Poll, Download, Merge. One class a step; [Pipeline]
/// maps each state to its step, [Dispatcher] is the tick.
@NullMarked
package dev.arcticsynth.pipeline;

import org.jspecify.annotations.NullMarked;
