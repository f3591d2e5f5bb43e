package dev.arcticsynth.provider;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What a provider says about a batch. Each variant carries only what is true in it.
public sealed interface BatchStatus {

  /// The provider's own word, for people.
  String word();

  /// Validating, queued, running or finishing. The numbers count requests and are claims.
  ///
  /// @param finishing the answers are being written; the end is near
  record InProgress(String word, int answered, int total, boolean finishing)
      implements BatchStatus {}

  /// Over. What was answered is paid for and can be downloaded, however the batch ended.
  ///
  /// @param files ids of the files that hold answers and refusals; empty when nothing was answered
  /// @param claimed answered and failed requests as the provider counts them; a claim
  /// @param isShort the provider counts answers and names no file of them
  record Ended(String word, How how, List<String> files, OptionalInt claimed, boolean isShort)
      implements BatchStatus {
    public Ended {
      files = List.copyOf(files);
    }
  }

  /// Refused as a whole before any request was run: nothing is billed and there is no output.
  record Failed(String word, List<Refusal> refusals) implements BatchStatus {
    public Failed {
      refusals = List.copyOf(refusals);
    }

    /// The refusal that decides what can be done: capacity before anything else.
    public Optional<Refusal> first() {
      return refusals.stream()
          .filter(Refusal::isCapacity)
          .findFirst()
          .or(() -> refusals.stream().findFirst());
    }
  }

  /// The provider does not know the batch (any more).
  record Gone(String word) implements BatchStatus {}

  /// How an ended batch ended.
  enum How {
    COMPLETED,
    EXPIRED,
    CANCELLED
  }

  /// Why a batch was refused.
  ///
  /// @param line 1-based line of the file at fault
  /// @param isCapacity the provider has no room now; the same file is accepted later
  record Refusal(String code, String message, OptionalInt line, boolean isCapacity) {}
}
