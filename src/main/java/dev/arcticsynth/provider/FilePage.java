package dev.arcticsynth.provider;

import java.util.List;
import java.util.Optional;

/// A page of the files that an account stores.
///
/// @param next where the page behind this one begins; empty on the last one
public record FilePage(List<ListedFile> files, Optional<String> next) {
  public FilePage {
    files = List.copyOf(files);
  }
}
