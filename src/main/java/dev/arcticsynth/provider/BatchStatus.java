package dev.arcticsynth.provider;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The status of a batch at its provider. Each variant carries only the data that it has.
public sealed interface BatchStatus {

  /// The provider's own word, for people.
  String word();

  /// Validating, queued, running or finishing. The numbers count requests and are claims.
  ///
  /// @param finishing the answers are being written; it ends soon
  record InProgress(String word, int answered, int total, boolean finishing)
      implements BatchStatus {}

  /// A word that we do not know. The batch may be running, or over.
  ///
  /// @param total requests as the provider counts them; 0 where it does not
  /// @param files ids of the files of answers that it names already
  record Unfamiliar(String word, int answered, int total, List<String> files)
      implements BatchStatus {
    public Unfamiliar {
      files = List.copyOf(files);
    }
  }

  /// Over. What was answered is paid for and can be downloaded, however the batch ended.
  ///
  /// @param files ids of the files that hold answers and refusals; empty when nothing was answered
  /// @param claimed answered and failed requests as the provider counts them; a claim
  /// @param isShort there should be answers, and the provider names no file of them
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

    /// The refusal that decides: first what an operator must fix, then what is temporary, then what
    /// concerns all requests, then single requests.
    public Optional<Refusal> first() {
      return refusals.stream().max(Comparator.comparing(Refusal::blame));
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
  /// @param blame what is at fault, as far as the code tells
  record Refusal(String code, String message, OptionalInt line, Blame blame) {}

  /// What is at fault when a batch is refused, by ascending priority.
  enum Blame {
    /// One request or several; unknown which, unless a line is given.
    REQUESTS,
    /// What all requests share: model, endpoint, the file. A smaller file would be refused as well.
    BATCH,
    /// The provider is at capacity now; the same file is accepted later.
    CAPACITY,
    /// Key, organisation, region. A person must act.
    CREDENTIALS,
    /// Money or quota is used up. A person must act.
    MONEY
  }
}
