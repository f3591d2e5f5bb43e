package dev.arcticsynth.callback.destination;

import io.quarkus.arc.DefaultBean;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// Resolves as every other program on the machine does: its hosts file, its search domains, its
/// servers. That blocks, so it has threads of its own, which a dead name server may hold up.
@DefaultBean
@ApplicationScoped
public class SystemResolver implements Resolver {

  private static final int THREADS = 8;
  private static final long LIMIT_MS = 2_000;

  private final Vertx vertx;
  private final WorkerExecutor workers;

  public SystemResolver(Vertx vertx) {
    this.vertx = vertx;
    this.workers = vertx.createSharedWorkerExecutor("callback-names", THREADS);
  }

  @Override
  public Future<List<InetAddress>> resolve(String host) {
    Promise<List<InetAddress>> found = Promise.promise();
    long limit =
        vertx.setTimer(LIMIT_MS, _ -> found.tryFail(new UnknownHostException("no answer in time")));
    var _ =
        workers
            .executeBlocking(() -> List.of(InetAddress.getAllByName(host)), false)
            .onComplete(
                addresses -> {
                  boolean _ = vertx.cancelTimer(limit);
                  boolean _ = found.tryComplete(addresses);
                },
                failure -> {
                  boolean _ = vertx.cancelTimer(limit);
                  boolean _ = found.tryFail(failure);
                });
    return found.future();
  }
}
