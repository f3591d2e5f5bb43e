/// OpenAI's batch API and compatible ones: a control plane of small JSON calls, and a data plane of
/// files that are streamed.
@NullMarked
package dev.arcticsynth.provider.openai;

import org.jspecify.annotations.NullMarked;
