package dev.arcticsynth.task;

/// Which partitions have tokens enqueued at their provider, as SQL over `partition p`.
final class Flight {

  /// From the record of the try on, since the create may follow any time; an upload that waits, for
  /// its caller or for room, has enqueued nothing.
  static final String IN_FLIGHT =
      "(p.state IN ('CREATING', 'RECONCILING', 'SUBMITTED', 'CANCELLING')"
          + " OR p.state = 'UPLOADING' AND p.wait_reason IS NULL)";

  /// The states of the index `partition_of_account`.
  static final String OPEN =
      "p.state IN ('READY', 'UPLOADING', 'CREATING', 'RECONCILING', 'SUBMITTED', 'CANCELLING', 'PARKED')";

  private Flight() {}
}
