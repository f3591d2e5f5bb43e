/// The JSON of `/v1`, and all of the API that the command line may see.
@NullMarked
package dev.arcticsynth.api.model;

import org.jspecify.annotations.NullMarked;
