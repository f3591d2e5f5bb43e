package dev.arcticsynth.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The main class of a [MemberProcess]: joins, prints its port, and leaves when its input ends.
final class TestMember {
  private TestMember() {}

  public static void main(String[] args) throws IOException {
    Path path = Path.of(args[1]);
    switch (args[0]) {
      case "join" -> join(path);
      case "lock" -> lock(path);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void join(Path home) throws IOException {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.join(home)) {
      sayAndWait(postgres.jdbcUrl());
    }
  }

  private static void lock(Path file) throws IOException {
    Files.createFile(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      var _ = channel.lock();
      sayAndWait("locked");
    }
  }

  private static void sayAndWait(String words) throws IOException {
    System.out.println(words);
    var _ = System.in.read();
  }
}
