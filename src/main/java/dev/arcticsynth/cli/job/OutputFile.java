package dev.arcticsynth.cli.job;

import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.IoErrors;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// A file that is complete or absent: written to a temporary file and moved into place at the end.
public final class OutputFile extends OutputStream {
  private final Path file;
  private final Path written;
  private final FileOutputStream out;

  private OutputFile(Path file, Path written) throws IOException {
    this.file = file;
    this.written = written;
    this.out = new FileOutputStream(written.toFile());
  }

  /// Fails at once where nothing could be written later.
  public static OutputFile at(Path wanted) {
    try {
      Path file = Files.exists(wanted) ? wanted.toRealPath() : wanted.toAbsolutePath();
      if (Files.isDirectory(file)) {
        throw new Failure.Usage(
            "%s is a directory; name a file for the results.".formatted(wanted));
      }
      return new OutputFile(file, isPlace(file) ? besides(file) : file);
    } catch (IOException e) {
      throw cannotWrite(wanted, e);
    }
  }

  @Override
  public void write(int b) throws IOException {
    out.write(b);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
  }

  /// Moves the complete file into place.
  public void keep() {
    try {
      if (!written.equals(file)) {
        out.getFD().sync();
      }
      out.close();
      if (!written.equals(file)) {
        move();
      }
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
      if (!written.equals(file)) {
        boolean _ = Files.deleteIfExists(written);
      }
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  private void move() throws IOException {
    try {
      Path _ = Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException _) {
      Path _ = Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  // /dev/stdout and pipes are written to, not replaced.
  private static boolean isPlace(Path file) {
    return !Files.exists(file) || Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  // Not Files.createTempFile: its file would be readable by the owner only, and so the results.
  private static Path besides(Path file) {
    return file.resolveSibling(
        "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
  }

  public static Failure.Usage cannotWrite(Path file, IOException e) {
    return new Failure.Usage("Cannot write %s: %s.".formatted(file, IoErrors.of(e)));
  }
}
