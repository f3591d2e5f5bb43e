/// What several packages need to know about HTTP. Uses nothing else of ours.
@NullMarked
package dev.arcticsynth.http;

import org.jspecify.annotations.NullMarked;
