package dev.arcticsynth.provider.simulator.server;

import dev.arcticsynth.provider.simulator.fault.Faults;
import dev.arcticsynth.provider.simulator.run.BatchLifecycle;
import dev.arcticsynth.provider.simulator.run.InputValidator;
import dev.arcticsynth.provider.simulator.run.OutputGenerator;
import dev.arcticsynth.provider.simulator.run.TokenQueue;
import dev.arcticsynth.provider.simulator.store.Disk;
import dev.arcticsynth.provider.simulator.store.FileStore;
import dev.arcticsynth.provider.simulator.store.Ids;
import dev.arcticsynth.provider.simulator.store.Ledger;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.URI;
import java.time.InstantSource;

/// A server on this machine that speaks the OpenAI Files and Batches wire. Its state is its
/// directory: it survives the process, and several simulators may share one.
public final class Simulator implements AutoCloseable {
  /// At most so many outputs are made at a time, each with a few MB of heap.
  private static final int WORKERS = 4;

  private final HttpServer server;
  private final WorkerExecutor workers;
  private final Faults faults;
  private final Ledger ledger;
  private final ApiShape shape;

  private Simulator(
      HttpServer server, WorkerExecutor workers, Faults faults, Ledger ledger, ApiShape shape) {
    this.server = server;
    this.workers = workers;
    this.faults = faults;
    this.ledger = ledger;
    this.shape = shape;
  }

  /// Starts the server on loopback and returns when it listens. Blocks, so it must not be called on
  /// an event loop.
  public static Simulator start(Vertx vertx, SimulatorSettings settings, InstantSource clock) {
    if (Context.isOnEventLoopThread()) {
      throw new IllegalStateException("a simulator must not be started on an event loop");
    }
    Disk disk = new Disk(settings.dir());
    FileStore shelf = new FileStore(disk);
    Ledger ledger = new Ledger(disk);
    Faults faults = new Faults(settings.seed());
    BatchLifecycle life =
        new BatchLifecycle(
            disk,
            shelf,
            new TokenQueue(disk, faults, settings.dialect()),
            new InputValidator(disk, shelf, faults, settings.dialect(), settings.maxRequests()),
            new OutputGenerator(disk, shelf, ledger, faults, settings.seed(), settings.dialect()),
            ledger,
            clock);
    WorkerExecutor workers = vertx.createSharedWorkerExecutor("simulator-" + Ids.next(), WORKERS);
    ApiShape shape = new ApiShape(settings.dialect());
    ReplyWriter replyWriter = new ReplyWriter(vertx, faults, shape);
    ApiRouter router =
        new ApiRouter(
            new RequestReader(vertx, disk),
            new FilesApi(disk, shelf, faults, ledger, settings, clock),
            new BatchesApi(disk, life, faults, settings, clock),
            new AdminApi(faults, ledger),
            new CallExecutor(vertx, workers, faults, replyWriter, new DelayedCalls(vertx, clock)),
            replyWriter,
            shape);
    HttpServer server =
        await(
            vertx
                .createHttpServer(options(settings.port()))
                .requestHandler(router.routes(vertx))
                .listen());
    return new Simulator(server, workers, faults, ledger, shape);
  }

  /// What a client takes for its base URL, as in `http://127.0.0.1:8080/v1`.
  public URI url() {
    return URI.create(endpoint() + shape.base());
  }

  /// Without a path, as users of Azure know it.
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  public Faults faults() {
    return faults;
  }

  public Ledger ledger() {
    return ledger;
  }

  /// Blocks until the port is free again. What is on disk stays.
  @Override
  public void close() {
    Void _ = await(server.close());
    Void _ = await(workers.close());
  }

  /// Large chunks: an upload is written to disk as it is cut here.
  private static HttpServerOptions options(int port) {
    return new HttpServerOptions()
        .setHost("127.0.0.1")
        .setPort(port)
        .setHandle100ContinueAutomatically(true)
        .setMaxChunkSize(1 << 18)
        .setReceiveBufferSize(1 << 20);
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
