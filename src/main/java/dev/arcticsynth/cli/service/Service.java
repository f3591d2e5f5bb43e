package dev.arcticsynth.cli.service;

import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.Phases;
import io.quarkus.runtime.Application;
import io.quarkus.runtime.Quarkus;
import java.net.URI;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// The service, in this process.
public final class Service implements RunningService {
  /// What [Quarkus#run] starts; its static part needs neither configuration nor database.
  private static final String APPLICATION = Application.APP_CLASS_NAME;

  private final Phases phases;
  private final ServiceDatabase serviceDatabase;
  private final Thread quarkus;
  private final Thread hook;
  private final URI uri;

  private Service(
      Phases phases, ServiceDatabase serviceDatabase, Thread quarkus, Thread hook, URI uri) {
    this.phases = phases;
    this.serviceDatabase = serviceDatabase;
    this.quarkus = quarkus;
    this.hook = hook;
    this.uri = uri;
  }

  /// Blocks until it takes requests.
  public static Service start(ServiceSettings settings, Phases phases) {
    settings.apply();
    // Beside the database, which takes as long.
    Thread.ofPlatform().daemon().name("service-static").start(Service::initialise);
    ServiceDatabase serviceDatabase = ServiceDatabase.join(phases);
    try (var _ = phases.begin("Starting the service")) {
      return start(serviceDatabase, phases);
    }
  }

  private static Service start(ServiceDatabase serviceDatabase, Phases phases) {
    var begun = new CompletableFuture<URI>();
    ServiceApplication.tellWhenBegun(begun);
    Thread quarkus = new Thread(() -> run(begun), "service");
    Thread hook = new Thread(() -> stop(quarkus, serviceDatabase), "service-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    quarkus.start();
    try {
      return new Service(phases, serviceDatabase, quarkus, hook, begun.join());
    } catch (CompletionException e) {
      stop(quarkus, serviceDatabase);
      throw Failure.Unreachable.forGood("The service could not start: " + reason(e));
    }
  }

  @Override
  public URI uri() {
    return uri;
  }

  public void awaitEnd() {
    join(quarkus);
  }

  @Override
  public void close() {
    try (var _ = phases.begin("Stopping the service")) {
      Quarkus.asyncExit();
      stop(quarkus, serviceDatabase);
    }
    try {
      boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The JVM is shutting down, and the hook does the same.
    }
  }

  private static void initialise() {
    try {
      var _ = Class.forName(APPLICATION, true, Thread.currentThread().getContextClassLoader());
    } catch (ClassNotFoundException | LinkageError _) {
      // The start itself says so.
    }
  }

  private static void run(CompletableFuture<URI> begun) {
    Throwable[] failure = {new IllegalStateException("it ended before it began")};
    try {
      Quarkus.run(
          ServiceApplication.class,
          (_, thrown) -> failure[0] = thrown == null ? failure[0] : thrown);
    } catch (RuntimeException e) {
      failure[0] = e;
    }
    boolean _ = begun.completeExceptionally(failure[0]);
  }

  // The database goes last: a service that shuts down still writes.
  private static void stop(Thread quarkus, ServiceDatabase serviceDatabase) {
    join(quarkus);
    serviceDatabase.close();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// The root cause, but what a driver says of a database before that: it names the address.
  static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && !(root instanceof SQLException)) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
