/// Providers, their files and their webhooks over HTTP.
@NullMarked
package dev.arcticsynth.api.provider;

import org.jspecify.annotations.NullMarked;
