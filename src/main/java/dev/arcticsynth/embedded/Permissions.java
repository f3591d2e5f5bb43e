package dev.arcticsynth.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/// Keeps other users of the machine out of what is ours.
final class Permissions {
  private static final Set<PosixFilePermission> OWNERS =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private Permissions() {}

  /// Refuses rather than repairs: whoever opened it may have meant it, and others may have read it
  /// already.
  static void refuseOthers(Path path) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
    if (!OWNERS.containsAll(permissions)) {
      throw new EmbeddedPostgresException(
          path
              + " is open to other users ("
              + PosixFilePermissions.toString(permissions)
              + "). Close it with: chmod go= "
              + path);
    }
  }
}
