package dev.arcticsynth.pipeline.body;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// The memory that the bodies of all calls may take up at once, in bytes.
///
/// Two kinds of bytes are counted. What has *arrived* waits for its caller, who may send the rest
/// late or never: three quarters are for these, and a call that needs more fails with
/// [BusyException]. What is being *stored* ends by itself: blocks wait in turn until there is some,
/// and one is always stored, however large, so waiting has an end.
@ApplicationScoped
public class BodyMemory {

  /// A call holds so much without being counted: a small call goes through while large ones fill
  /// the rest.
  public static final int UNCOUNTED = 8 * 1024;

  private final long total;
  private long arrived;
  private long storing;
  private final Queue<Block> waiting = new ArrayDeque<>();

  @Inject
  BodyMemory(BodyConfig config) {
    this(config.memory().orElse(Runtime.getRuntime().maxMemory() / 4));
  }

  public BodyMemory(long total) {
    this.total = total;
  }

  /// The share of a new call, empty.
  public Share open() {
    return new Share();
  }

  /// A share of no budget, for what is no caller's.
  public static Share uncounted() {
    return new BodyMemory(Long.MAX_VALUE).open();
  }

  /// Bytes in use by all calls.
  public synchronized long inUse() {
    return arrived + storing;
  }

  private boolean fits(long bytes) {
    return storing == 0 || arrived + storing + bytes <= total;
  }

  /// Outside of the lock: what begins may end at once, and come back here.
  private void beginNext() {
    for (Block next = next(); next != null; next = next()) {
      next.begins.run();
    }
  }

  private synchronized @Nullable Block next() {
    while (!waiting.isEmpty()) {
      Block first = waiting.peek();
      if (first.share.closed) {
        waiting.remove();
      } else if (fits(first.bytes)) {
        first.share.store(first.bytes);
        return waiting.remove();
      } else {
        return null;
      }
    }
    return null;
  }

  /// What one call holds. Closed at its end, which gives everything back.
  public final class Share implements AutoCloseable {
    private long held;
    private long stored;
    private boolean closed;

    private Share() {}

    /// Before memory is allocated. Fails with [BusyException] when there is none.
    public void grow(long bytes) {
      synchronized (BodyMemory.this) {
        if (arrived + bytes > total / 4 * 3) {
          throw new BusyException();
        }
        if (!closed) {
          arrived += bytes;
          held += bytes;
        }
      }
    }

    public void shrink(long bytes) {
      synchronized (BodyMemory.this) {
        if (!closed) {
          arrived -= bytes;
          held -= bytes;
        }
      }
      beginNext();
    }

    /// Completes when a block may be stored, on the context of the subscriber.
    public Uni<Void> beginStoring(long bytes) {
      return Uni.createFrom()
          .emitter(emitter -> {
            var context = Vertx.currentContext();
            Runnable begins =
                context == null
                    ? () -> emitter.complete(null)
                    : () -> context.runOnContext(ready -> emitter.complete(null));
            synchronized (BodyMemory.this) {
              waiting.add(new Block(this, bytes, begins));
            }
            beginNext();
          });
    }

    public void endStoring(long bytes) {
      synchronized (BodyMemory.this) {
        if (!closed) {
          storing -= bytes;
          stored -= bytes;
        }
      }
      beginNext();
    }

    @Override
    public void close() {
      synchronized (BodyMemory.this) {
        if (!closed) {
          closed = true;
          arrived -= held;
          storing -= stored;
        }
      }
      beginNext();
    }

    private void store(long bytes) {
      storing += bytes;
      stored += bytes;
    }
  }

  /// A block that is due to be stored.
  private record Block(Share share, long bytes, Runnable begins) {}
}
