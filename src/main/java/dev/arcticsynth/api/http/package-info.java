/// Bodies, headers, query parameters and limits of calls.
@NullMarked
package dev.arcticsynth.api.http;

import org.jspecify.annotations.NullMarked;
