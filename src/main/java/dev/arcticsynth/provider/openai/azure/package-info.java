/// Azure's dialect of OpenAI's batch API, with Entra ID.
@NullMarked
package dev.arcticsynth.provider.openai.azure;

import org.jspecify.annotations.NullMarked;
