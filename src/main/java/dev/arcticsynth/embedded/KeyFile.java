package dev.arcticsynth.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Base64;

/// The key that encrypts callers' secrets in the database. It lies beside the data and not in it,
/// and lasts as long.
final class KeyFile {
  private static final String NAME = "callback.key";
  private static final int RANDOM_BYTES = 32;

  private KeyFile() {}

  /// To be called by one process at a time.
  static Path under(Layout layout) {
    Path home = layout.home();
    Path file = home.resolve(NAME);
    try {
      if (Files.exists(file)) {
        Permissions.refuseOthers(file);
      } else {
        create(file);
      }
      return file;
    } catch (IOException e) {
      throw new EmbeddedPostgresException(
          "Cannot read or make "
              + file
              + " ("
              + e
              + "). Make the folder writable for this user, or set arctic.home to one that is.",
          e);
    }
  }

  /// There is all of it or none: half a key would be one more that opens nothing.
  private static void create(Path file) throws IOException {
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    Path half = file.resolveSibling(NAME + ".new");
    Files.deleteIfExists(half);
    Layout.createFile(half);
    Files.writeString(half, Base64.getEncoder().encodeToString(random) + "\n");
    var _ = Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
