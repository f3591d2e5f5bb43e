package dev.arcticsynth.model;

/// What the protocol does, one rule each. Ours keeps all of them; a test takes one away and the
/// search must find how it ends.
enum Rule {
  /// An attempt is on record before anything is sent (`Submit.begin`: `UploadBegun`).
  INTENT,
  /// The file's id is on record before the create call (`Uploaded`, `CreateBegun`); only that id is
  /// ever used, also by the same attempt's next call after one that was refused.
  FILE_ON_RECORD,
  /// Each attempt uploads a file of its own (`Submit.upload`).
  FRESH_FILE,
  /// Every write names the token of its claim (`PartitionRepository.held`).
  TOKEN,
  /// The token is random (`Claims.CLAIM`), not the number of claims so far.
  RANDOM_TOKEN,
  /// The create call is sent once (`OpenAiProvider.create`): no client below it sends it again.
  ONE_CALL,
  /// No answer means unknown, not failed (`FailurePolicy.ofCreate`, `HttpCall.undecided`).
  DOUBT,
  /// The worker that takes over looks for the batch before another is made (`Reconcile.look`).
  LOOK,
  /// The file is deleted before the attempt is given up (`Reconcile.notFound`).
  FENCE,
  /// After the fence as long as lists may lag (`Backoff.settled`).
  SETTLE,
  /// And after that another look (`Reconcile.run` on a fenced row).
  SECOND_LOOK,
  /// A batch that names another file is not this attempt's, whatever its tag says
  /// (`BatchSearch.isOurs`): a database that lost its tail gives a tag out twice.
  MATCH_FILE,
  /// A write under a claim from before a fail-over finds no row: the timeline it was claimed on is
  /// over.
  TIMELINE,
  /// Nothing is written between a fail-over and the end of the recovery.
  CLOSED,
  /// After a fail-over nothing is claimed before the account is recovered: files that no create on
  /// record may use are deleted, lists settle, and batches of ours without a record are adopted.
  RECOVERY,
  /// The recovery lists files when what was uploaded before the fail-over is listed for sure.
  SETTLE_FILES,
  /// The recovery adopts by partition, also where the attempt is not on record any more.
  RECOVER_BY_PARTITION
}
