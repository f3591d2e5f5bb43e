package dev.arcticsynth.provider.simulator.server;

import dev.arcticsynth.provider.simulator.store.ApiError;
import dev.arcticsynth.provider.simulator.store.Disk;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerFileUpload;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Takes what a request carries: a file goes to disk as it arrives, anything else is small.
final class RequestReader {
  private static final int MAX_DOCUMENT = 1 << 20;

  private final Vertx vertx;
  private final Disk disk;

  RequestReader(Vertx vertx, Disk disk) {
    this.vertx = vertx;
    this.disk = disk;
  }

  Future<byte[]> document(HttpServerRequest request) {
    if (length(request) > MAX_DOCUMENT) {
      return Future.failedFuture(ApiError.of(413, "The request body is too large.", null));
    }
    return request.body().map(Buffer::getBytes);
  }

  Future<Upload> upload(HttpServerRequest request) {
    String type = request.getHeader("Content-Type");
    if (type == null || !type.startsWith("multipart/form-data")) {
      return Future.failedFuture(
          ApiError.invalid("The request must be multipart/form-data.", "file"));
    }
    String temporary = disk.temporary().toString();
    List<String> names = new ArrayList<>();
    List<String> types = new ArrayList<>();
    List<Future<Void>> written = new ArrayList<>();
    request.setExpectMultipart(true);
    request.uploadHandler(file -> {
      if (file.name().equals("file") && names.isEmpty()) {
        names.add(file.filename());
        types.add(file.contentType());
        written.add(file.streamToFileSystem(temporary));
      } else {
        HttpServerFileUpload _ = file.resume();
      }
    });
    return request
        .end()
        .compose(_ -> Future.all(written))
        .map(_ ->
            new Upload(
                request.formAttributes(),
                names.isEmpty() ? "" : names.getFirst(),
                types.isEmpty() ? "" : types.getFirst(),
                Path.of(temporary)))
        .onFailure(_ -> vertx.fileSystem().delete(temporary));
  }

  private static long length(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    return length == null ? 0 : Long.parseLong(length);
  }

  /// A file that has arrived but is not accepted yet.
  ///
  /// @param filename empty if no file was sent
  /// @param type of the file, as its part says
  record Upload(MultiMap fields, String filename, String type, Path temporary) {
    String field(String name) {
      String value = fields.get(name);
      return value == null ? "" : value;
    }
  }
}
