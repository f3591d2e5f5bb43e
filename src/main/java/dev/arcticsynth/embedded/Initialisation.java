package dev.arcticsynth.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/// Creates the data aside and moves it into place when it is complete, so that a half-made folder
/// never looks like a damaged one. Used only inside the [InterProcessLock].
final class Initialisation {
  private static final String UNFINISHED = "data.new-";

  private final Layout layout;
  private final Path unfinished;

  Initialisation(Layout layout) {
    this.layout = layout;
    this.unfinished = layout.root().resolve(UNFINISHED + UUID.randomUUID());
  }

  /// Leaves nothing behind but the password when it fails.
  Password run() throws IOException {
    StaleFiles.remove(layout.root(), UNFINISHED);
    Password password = Password.readOrCreate(layout.password());
    try {
      create(new Commands(layout, Binaries.of(layout)));
      var _ = Files.move(unfinished, layout.data(), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      StaleFiles.remove(layout.root(), UNFINISHED);
    }
    return password;
  }

  private void create(Commands commands) throws IOException {
    commands.initdb(unfinished);
    Files.writeString(layout.settings(), ServerSettings.text(ServerSettings.NO_PORT));
    Files.writeString(
        unfinished.resolve("postgresql.conf"),
        "\n# ArcticSynth writes this file at each start.\ninclude = '../"
            + layout.settings().getFileName()
            + "'\n",
        StandardOpenOption.APPEND);
    commands.createDatabase(unfinished);
    Files.writeString(
        unfinished.resolve(DataFolder.MARKER),
        "The embedded PostgreSQL " + DataFolder.MAJOR + " of ArcticSynth.\n");
  }
}
