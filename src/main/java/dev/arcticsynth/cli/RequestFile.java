package dev.arcticsynth.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file of request lines.
///
/// @param endsOpen its last line has no end
record RequestFile(Path path, long lines, boolean endsOpen) {
  private static final int BUFFER = 64 * 1024;
  private static final byte[] LINE_END = {'\n'};

  static RequestFile read(Path path, Digest digest) {
    long ends = 0;
    int last = '\n';
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(path)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.add(buffer, read);
        for (int i = 0; i < read; i++) {
          ends += buffer[i] == '\n' ? 1 : 0;
        }
        last = read > 0 ? buffer[read - 1] : last;
      }
    } catch (IOException e) {
      throw new Failure.Usage("Cannot read %s: %s.".formatted(path, Reason.of(e)));
    }
    boolean open = last != '\n';
    if (open) {
      digest.add(LINE_END, 1);
    }
    return new RequestFile(path, ends + (open ? 1 : 0), open);
  }

  BodyPublisher publisher() {
    try {
      BodyPublisher file = BodyPublishers.ofFile(path);
      return endsOpen ? BodyPublishers.concat(file, BodyPublishers.ofByteArray(LINE_END)) : file;
    } catch (IOException e) {
      throw new Failure.Usage("Cannot read %s: %s.".formatted(path, Reason.of(e)));
    }
  }
}
