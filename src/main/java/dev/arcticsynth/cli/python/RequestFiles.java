package dev.arcticsynth.cli.python;

import dev.arcticsynth.cli.client.Sha256;
import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.IoErrors;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The request files of a task in the order of their numbers, as one stream of lines.
///
/// @param sha256 of that stream
record RequestFiles(List<RequestFile> files, String sha256) {
  RequestFiles {
    files = List.copyOf(files);
  }

  /// Reads them once, line by line of nothing but their lengths: the service validates them.
  static RequestFiles of(WorkFolder folder) {
    var digest = new Sha256();
    var files = new ArrayList<RequestFile>();
    for (Path path : paths(folder)) {
      files.add(RequestFile.read(path, digest));
    }
    var found = new RequestFiles(files, digest.hex());
    if (found.files.stream().allMatch(file -> file.lines() == 0)) {
      throw new Failure.Usage(
          "%s has no requests: no file *.jsonl with a line in it.".formatted(folder.requests()));
    }
    return found;
  }

  private static List<Path> paths(WorkFolder folder) {
    if (!Files.isDirectory(folder.requests())) {
      throw new Failure.Usage(
          "There is no folder %s; requests belong there as *.jsonl. Use -w for another work folder, -t for another task."
              .formatted(folder.requests()));
    }
    var paths = new ArrayList<Path>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder.requests(), "*.jsonl")) {
      for (Path path : found) {
        if (!path.getFileName().toString().startsWith(".")) {
          paths.add(path);
        }
      }
    } catch (IOException e) {
      throw new Failure.Usage("Cannot read %s: %s.".formatted(folder.requests(), IoErrors.of(e)));
    }
    paths.sort(Comparator.comparing(path -> path.getFileName().toString(), new NaturalOrder()));
    return paths;
  }

  BodyPublisher lines() {
    return BodyPublishers.concat(
        files.stream().map(RequestFile::publisher).toArray(BodyPublisher[]::new));
  }

  /// So many requests a batch make a batch of each file, where the files were cut as the Python
  /// client cuts them.
  long batchSize() {
    return files.stream().mapToLong(RequestFile::lines).max().orElse(1);
  }

  /// Where a line of the stream stands, both counted from 1.
  String place(long line) {
    long left = line;
    for (RequestFile file : files) {
      if (left <= file.lines()) {
        return "%s line %d".formatted(file.path(), left);
      }
      left -= file.lines();
    }
    return "line " + line;
  }

  /// One of them.
  ///
  /// @param endsOpen its last line has no end
  record RequestFile(Path path, long lines, boolean endsOpen) {
    private static final int BUFFER = 64 * 1024;
    private static final byte[] LINE_END = {'\n'};

    static RequestFile read(Path path, Sha256 digest) {
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
        throw new Failure.Usage("Cannot read %s: %s.".formatted(path, IoErrors.of(e)));
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
        throw new Failure.Usage("Cannot read %s: %s.".formatted(path, IoErrors.of(e)));
      }
    }
  }
}
