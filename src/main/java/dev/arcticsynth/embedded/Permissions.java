package dev.arcticsynth.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// Keeps other users of the machine out of what is ours.
final class Permissions {
  private static final Set<PosixFilePermission> OWNERS =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private Permissions() {}

  /// Root may enter anywhere, but PostgreSQL drops root's powers, and files of root's making would
  /// then lock the owner out.
  static void refuseForeign(Path path) throws IOException {
    String owner = Files.getOwner(path).getName();
    Optional<String> user = ProcessHandle.current().info().user();
    if (user.isPresent() && !user.get().equals(owner)) {
      throw new EmbeddedPostgresException(
          path
              + " belongs to "
              + owner
              + ", but this runs as "
              + user.get()
              + ". Run it as "
              + owner
              + ", or set arctic.home to a folder of your own.");
    }
  }

  /// Refuses rather than repairs: the permissions may be intended, and others may have read it
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
