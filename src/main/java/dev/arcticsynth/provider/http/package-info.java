/// Shared code of adapters over HTTP: calls, transfers, paging, credentials.
@NullMarked
package dev.arcticsynth.provider.http;

import org.jspecify.annotations.NullMarked;
