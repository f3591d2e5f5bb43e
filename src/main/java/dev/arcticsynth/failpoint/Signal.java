package dev.arcticsynth.failpoint;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Signals of the operating system, sent to ourselves.
///
/// By libc's `raise`, not by a `kill` command and not by `Runtime.halt`: it is directed at the
/// calling thread, so that the kernel acts before the call returns, and the thread cannot take one
/// step more. A command needs milliseconds to start, in which all other threads go on; `halt` is
/// the JVM ending itself, not being ended.
enum Signal {
  KILL(9),
  STOP(System.getProperty("os.name", "").startsWith("Mac") ? 17 : 19);

  private final int number;

  Signal(int number) {
    this.number = number;
  }

  void raise() {
    try {
      int failed = (int) Libc.RAISE.invokeExact(number);
      if (failed != 0) {
        throw new IllegalStateException("The system does not take " + this);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /// In a class of its own, so that it is loaded only on use.
  private static final class Libc {
    static final MethodHandle RAISE =
        Linker.nativeLinker()
            .downcallHandle(
                Linker.nativeLinker().defaultLookup().findOrThrow("raise"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }
}
