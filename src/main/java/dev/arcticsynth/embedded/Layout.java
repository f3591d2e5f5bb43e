package dev.arcticsynth.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Where things lie below `<arctic.home>/postgres`. Only its owner may look inside.
record Layout(Path root) {
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /// Creates what is missing; what is there keeps its permissions, and is refused if they are too
  /// wide.
  static Layout under(Path home) {
    if (!home.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      throw new EmbeddedPostgresException(
          "The embedded PostgreSQL needs Linux or macOS and a file system with permissions at "
              + home
              + EmbeddedPostgresException.USE_ANOTHER_DATABASE);
    }
    try {
      Files.createDirectories(home, PRIVATE_FOLDER);
      Layout layout = new Layout(home.toRealPath().resolve("postgres"));
      createFolder(layout.root());
      Permissions.refuseForeign(layout.root());
      createFolder(layout.members());
      Permissions.refuseOthers(layout.root());
      return layout;
    } catch (IOException e) {
      throw new EmbeddedPostgresException(
          "Cannot create or enter the folder "
              + home.toAbsolutePath().resolve("postgres")
              + " ("
              + e
              + "). Make it writable for this user, or set arctic.home to a folder that is.",
          e);
    }
  }

  private static void createFolder(Path folder) throws IOException {
    Files.createDirectories(folder, PRIVATE_FOLDER);
  }

  /// Fails when the file exists.
  static void createFile(Path file) throws IOException {
    var _ = Files.createFile(file, PRIVATE_FILE);
  }

  /// `arctic.home` itself.
  Path home() {
    return root.resolveSibling("");
  }

  Path gate() {
    return root.resolve("gate");
  }

  Path members() {
    return root.resolve("members");
  }

  Path password() {
    return root.resolve("password");
  }

  Path data() {
    return root.resolve("data");
  }

  Path settings() {
    return root.resolve("server.conf");
  }

  Path log() {
    return root.resolve("server.log");
  }
}
