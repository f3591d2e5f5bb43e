package dev.arcticsynth.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/// Guards the data: it is ours and complete, or absent, or it is not touched.
final class DataFolder {
  /// PostgreSQL's major version, which the data on disk depends on: 18 of the POM's binaries 18.x.
  static final String MAJOR = "18";

  static final String MARKER = "arctic-synth";

  private static final Set<PosixFilePermission> REFUSED_BY_POSTGRES =
      EnumSet.of(
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  private final Layout layout;
  private final Path data;

  DataFolder(Layout layout) {
    this.layout = layout;
    this.data = layout.data();
  }

  /// Makes sure that there is data to serve, and returns its password.
  Password prepare(UserPrincipal user) {
    try {
      if (isMissing()) {
        return new Initialisation(layout).run();
      }
      check(user);
      return Password.read(layout.password());
    } catch (NoSuchFileException e) {
      throw refused("its password " + e.getFile() + " is missing; put it back if you have it");
    } catch (IOException e) {
      throw new EmbeddedPostgresException(
          "The data folder "
              + data
              + " cannot be read ("
              + e
              + ")."
              + EmbeddedPostgresException.START_EMPTY,
          e);
    }
  }

  private boolean isMissing() throws IOException {
    if (!Files.exists(data, LinkOption.NOFOLLOW_LINKS)) {
      return true;
    }
    return Files.isDirectory(data, LinkOption.NOFOLLOW_LINKS) && isEmpty();
  }

  private boolean isEmpty() throws IOException {
    try (Stream<Path> files = Files.list(data)) {
      return files.findAny().isEmpty();
    }
  }

  private void check(UserPrincipal user) throws IOException {
    if (!Files.isDirectory(data)) {
      throw refused("it is not a folder");
    }
    UserPrincipal owner = Files.getOwner(data);
    if (!owner.equals(user)) {
      throw refused("it belongs to " + owner.getName() + ", but this runs as " + user.getName());
    }
    if (Files.getPosixFilePermissions(data).stream().anyMatch(REFUSED_BY_POSTGRES::contains)) {
      throw refused("it is open to other users; close it with: chmod 700 " + data);
    }
    if (!Files.isExecutable(data) || !Files.isReadable(data)) {
      throw refused("it cannot be read; open it with: chmod 700 " + data);
    }
    checkContent();
  }

  private void checkContent() throws IOException {
    Path versionFile = data.resolve("PG_VERSION");
    boolean isCluster = Files.isRegularFile(versionFile);
    if (!Files.exists(data.resolve(MARKER))) {
      throw refused(
          isCluster
              ? "it holds a PostgreSQL that ArcticSynth did not create"
              : "it holds files that are not ArcticSynth's");
    }
    if (!isCluster) {
      throw refused("it is damaged: PG_VERSION is missing");
    }
    String version = Files.readString(versionFile).strip();
    if (!version.equals(MAJOR)) {
      throw refused(
          "it is of PostgreSQL "
              + version
              + ", this is "
              + MAJOR
              + "; dump it with the release that wrote it, and load the dump into an empty one");
    }
    if (!Files.isRegularFile(data.resolve("global/pg_control"))) {
      throw refused("it is damaged: global/pg_control is missing");
    }
  }

  private EmbeddedPostgresException refused(String why) {
    return new EmbeddedPostgresException(
        "The data folder "
            + data
            + " is not used: "
            + why
            + "."
            + EmbeddedPostgresException.START_EMPTY);
  }
}
