package dev.arcticsynth.pipeline.results;

import dev.arcticsynth.failpoint.Failpoint;
import dev.arcticsynth.home.Home;
import dev.arcticsynth.home.PrivateFiles;
import dev.arcticsynth.pipeline.retry.FlowConfig;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.file.OpenOptions;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Files on local disk for the duration of one step. Nothing depends on them after a crash, and the
/// next process in the same folder deletes them.
@ApplicationScoped
class Staging {

  private final FlowConfig config;
  private final Home home;
  private final Vertx vertx;
  private final DiskSpace space;
  private @Nullable StagingRoot root;

  Staging(FlowConfig config, Home home, Vertx vertx) {
    this.config = config;
    this.home = home;
    this.vertx = vertx;
    this.space = new DiskSpace();
  }

  /// At the start and not at the first step: a disk that is full of leftovers may let no step
  /// begin.
  void begin(@Observes StartupEvent start) throws IOException {
    StagingRoot _ = root();
  }

  @PreDestroy
  synchronized void end() throws IOException {
    StagingRoot begun = root;
    root = null;
    if (begun != null) {
      begun.close();
    }
  }

  /// Runs work with a folder of its own, which is gone afterwards however the work ends. Fails with
  /// [StagingFullException] where the disk is full, and as long as it has no more space than when
  /// it was.
  <T> Uni<T> with(Function<Path, Uni<T>> work) {
    return vertx
        .executeBlocking(this::createFolder, false)
        .chain(folder ->
            work.apply(folder)
                .onFailure(StagingFullException::isMeant)
                .transform(failure -> space.isFull(folder))
                .invoke(() -> space.isEnough())
                .invoke(() -> Failpoint.hit("staging.before-delete"))
                .onTermination()
                .call(() ->
                    vertx.executeBlocking(
                        () -> {
                          StagingRoot.delete(folder);
                          return null;
                        },
                        false)));
  }

  /// Writes a stream into a new file of the folder, as fast as the disk takes it.
  Uni<Path> write(Path folder, Multi<Buffer> content) {
    Path path = folder.resolve("f" + System.nanoTime());
    return vertx
        .fileSystem()
        .open(
            path.toString(),
            new OpenOptions().setCreateNew(true).setWrite(true).setPerms("rw-------"))
        .chain(file ->
            content
                .onItem()
                .transformToUniAndConcatenate(file::write)
                .onItem()
                .ignoreAsUni()
                .eventually(file::close))
        .invoke(() -> Failpoint.hit("staging.written"))
        .replaceWith(path);
  }

  /// The file that was written last.
  Path newest(Path folder) {
    try (var files = Files.list(folder)) {
      return files.max(Comparator.comparing(Path::getFileName)).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path createFolder() throws IOException {
    Path begun = root().folder();
    space.require(begun);
    try {
      return Files.createTempDirectory(begun, "step-");
    } catch (IOException e) {
      if (StagingFullException.isMeant(e)) {
        throw space.isFull(begun);
      }
      throw e;
    }
  }

  /// A configured folder may be shared with others, and keeps its permissions.
  private Path parent() throws IOException {
    return config.stagingDir().isPresent()
        ? config.stagingDir().get()
        : PrivateFiles.folder(home.folder().resolve("staging"));
  }

  synchronized StagingRoot root() throws IOException {
    StagingRoot begun = root;
    if (begun == null) {
      begun = StagingRoot.in(parent());
      root = begun;
    }
    return begun;
  }
}
