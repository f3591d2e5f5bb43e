/// The flow, in order: Ingest, Split, Submit, Poll, Download, Merge. One class a step; [Pipeline]
/// says which step belongs to which state, [Dispatcher] is the tick.
@NullMarked
package dev.arcticsynth.pipeline;

import org.jspecify.annotations.NullMarked;
