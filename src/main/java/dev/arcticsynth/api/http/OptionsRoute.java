package dev.arcticsynth.api.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;

/// Answers `OPTIONS` with the methods of the path, and nothing about other origins: there is no
/// CORS.
@ApplicationScoped
class OptionsRoute {

  private final AllowedMethods allowedMethods;

  OptionsRoute(AllowedMethods allowedMethods) {
    this.allowedMethods = allowedMethods;
  }

  void add(@Observes Router router) {
    var unused = router.route("/v1/*").method(HttpMethod.OPTIONS).order(0).handler(this::answer);
  }

  private void answer(RoutingContext call) {
    Optional<String> methods = allowedMethods.of(call.request().path());
    if (methods.isPresent()) {
      var unused = call.response().setStatusCode(204).putHeader("Allow", methods.get()).end();
    } else {
      call.next();
    }
  }
}
