package dev.arcticsynth.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/// The server's own random password. Lies in a file that only its user can read; in no log and no
/// message.
record Password(String value) {
  private static final int RANDOM_BYTES = 24;

  static Password read(Path file) throws IOException {
    Permissions.refuseOthers(file);
    return new Password(Files.readString(file).strip());
  }

  /// A password left by an interrupted start is used.
  static Password readOrCreate(Path file) throws IOException {
    if (!Files.exists(file) || Files.size(file) == 0) {
      create(file);
    }
    return read(file);
  }

  private static void create(Path file) throws IOException {
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    Files.deleteIfExists(file);
    Layout.createFile(file);
    Files.writeString(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n");
  }

  @Override
  public String toString() {
    return "Password[hidden]";
  }
}
