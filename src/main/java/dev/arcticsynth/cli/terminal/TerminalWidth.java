package dev.arcticsynth.cli.terminal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.function.IntSupplier;

/// How wide the terminal is at the moment, asked of the operating system: a call of microseconds,
/// so it can be made at each drawing.
///
/// The progress bar's library would ask JLine, which puts the signals of the process back to what
/// the system does by default: Ctrl-C would then kill the JVM before any shutdown hook, and leave
/// the embedded database running.
public final class TerminalWidth implements IntSupplier {
  private static final int USUAL = 80;
  private static final int STDERR = 2;

  /// `TIOCGWINSZ`: on Linux, and on macOS and the BSDs.
  private static final long WINDOW_SIZE = isLinux() ? 0x5413 : 0x40087468;

  /// `struct winsize`: rows, columns, and the same in pixels, two bytes each.
  private static final long SIZE = 8;

  private static final long COLUMNS_AT = 2;

  @Override
  public int getAsInt() {
    return Ioctl.HANDLE.map(TerminalWidth::columns).filter(columns -> columns > 0).orElse(USUAL);
  }

  private static int columns(MethodHandle ioctl) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(SIZE);
      int failed = (int) ioctl.invokeExact(STDERR, WINDOW_SIZE, size);
      return failed == 0 ? Short.toUnsignedInt(size.get(JAVA_SHORT, COLUMNS_AT)) : USUAL;
    } catch (Throwable e) {
      throw new IllegalStateException("A call of the system cannot throw", e);
    }
  }

  private static boolean isLinux() {
    return System.getProperty("os.name", "").equals("Linux");
  }

  /// Made at the first drawing and by its thread: it takes a tenth of a second.
  private static final class Ioctl {
    static final Optional<MethodHandle> HANDLE = find();

    private static Optional<MethodHandle> find() {
      Linker linker = Linker.nativeLinker();
      return linker
          .defaultLookup()
          .find("ioctl")
          .map(ioctl ->
              linker.downcallHandle(
                  ioctl,
                  FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
                  Linker.Option.firstVariadicArg(2)));
    }
  }
}
