package dev.arcticsynth.task.quota;

/// Which partitions have tokens enqueued at their provider, as SQL over `partition p`.
final class InFlightSql {

  /// From the record of the batch attempt on, since the create may follow any time; an upload that
  /// waits, for its caller or for capacity, has enqueued nothing. One that the provider is reading
  /// keeps its place.
  static final String IN_FLIGHT =
      "(p.state IN ('CREATING', 'RECONCILING', 'SUBMITTED', 'CANCELLING')"
          + " OR p.state = 'UPLOADING' AND coalesce(p.wait_reason, 'FILE') IN ('FILE', 'PROVIDER'))";

  /// Partitions with a chosen deployment, whether they have enqueued tokens yet or wait with their
  /// file.
  static final String CHOSEN =
      "p.state IN ('UPLOADING', 'CREATING', 'RECONCILING', 'SUBMITTED', 'CANCELLING')";

  /// The deployment that answers.
  static final String REMOTE_MODEL = "coalesce(p.remote_model, p.model)";

  /// The states of the index `partition_of_account`.
  static final String OPEN =
      "p.state IN ('READY', 'UPLOADING', 'CREATING', 'RECONCILING', 'SUBMITTED', 'CANCELLING', 'PARKED')";

  private InFlightSql() {}
}
