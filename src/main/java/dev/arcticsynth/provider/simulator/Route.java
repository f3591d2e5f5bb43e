package dev.arcticsynth.provider.simulator;

import io.vertx.core.http.HttpMethod;
import java.util.List;

/// Which call a request is, and the id in its path if it has one.
record Route(Call call, String id) {
  static Route of(HttpMethod method, String path) {
    List<String> parts = List.of(path.replaceFirst("^/v1/", "").split("/"));
    String id = parts.size() > 1 ? parts.get(1) : "";
    String shape =
        switch (parts.size()) {
          case 1 -> parts.get(0);
          case 2 -> parts.get(0) + "/{id}";
          case 3 -> parts.get(0) + "/{id}/" + parts.get(2);
          default -> "";
        };
    if (!path.startsWith("/v1/")) {
      throw unknown(method, path);
    }
    if (!id.isEmpty() && !Ids.isWellFormed(id)) {
      throw WireError.notFound("object", "that id");
    }
    return new Route(call(method, shape, path), id);
  }

  private static Call call(HttpMethod method, String shape, String path) {
    return switch (method.name() + " " + shape) {
      case "POST files" -> Call.UPLOAD;
      case "GET files" -> Call.LIST_FILES;
      case "GET files/{id}" -> Call.RETRIEVE_FILE;
      case "DELETE files/{id}" -> Call.DELETE;
      case "GET files/{id}/content" -> Call.CONTENT;
      case "POST batches" -> Call.CREATE;
      case "GET batches" -> Call.LIST_BATCHES;
      case "GET batches/{id}" -> Call.RETRIEVE;
      case "POST batches/{id}/cancel" -> Call.CANCEL;
      default ->
          throw switch (shape) {
            case "files", "files/{id}", "files/{id}/content" -> notAllowed(method, path);
            case "batches", "batches/{id}", "batches/{id}/cancel" -> notAllowed(method, path);
            default -> unknown(method, path);
          };
    };
  }

  private static WireError notAllowed(HttpMethod method, String path) {
    return WireError.of(
        405, "Not allowed to %s on %s.".formatted(method, path), "method_not_supported");
  }

  private static WireError unknown(HttpMethod method, String path) {
    return WireError.of(404, "Invalid URL (%s %s)".formatted(method, path), "unknown_url");
  }
}
