package dev.arcticsynth.api.access;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/// Checks the head of every call, whatever its path: the API, webhooks of providers, health,
/// metrics and the OpenAPI document. What is refused here costs no read of a body, no query and no
/// authentication.
@ApplicationScoped
class AccessFilter {

  private static final Logger LOG = Logger.getLogger(AccessFilter.class);

  /// Behind the headers that every answer has, before all else.
  private static final int FIRST = Integer.MIN_VALUE + 1;

  private final AllowedHosts hosts;
  private final CrossSite crossSite;
  private final MeterRegistry meters;

  AccessFilter(AccessConfig config, MeterRegistry meters) {
    this.hosts = new AllowedHosts(config.allowedHosts().orElse(List.of()));
    this.crossSite = new CrossSite(config.allowedOrigins().orElse(List.of()));
    this.meters = meters;
  }

  void guard(@Observes Router router) {
    router.route().order(FIRST).handler(this::check).failureHandler(this::explain);
  }

  private void check(RoutingContext call) {
    HttpServerRequest request = call.request();
    Optional<Refusal> refusal =
        hosts
            .refusal(request)
            .or(() -> PathCheck.refusal(request))
            .or(() -> crossSite.refusal(request))
            .or(() -> BodyCheck.refusal(request));
    if (refusal.isPresent()) {
      refuse(call, refusal.get());
    } else {
      call.next();
    }
  }

  /// The router refuses a call without a host or a path before any handler sees it, with a page for
  /// people and an error in the log.
  private void explain(RoutingContext call) {
    HttpServerRequest request = call.request();
    Optional<Refusal> refusal =
        hosts
            .refusal(request)
            .or(() ->
                Optional.of(Refusal.malformed("The target of the call is no path."))
                    .filter(malformed -> !String.valueOf(request.path()).startsWith("/")));
    if (refusal.isPresent() && !call.response().headWritten()) {
      refuse(call, refusal.get());
    } else {
      call.next();
    }
  }

  private void refuse(RoutingContext call, Refusal refusal) {
    LOG.debugf("Refused: type=%s method=%s", refusal.type(), call.request().method());
    meters.counter("arctic.calls.refused", "reason", refusal.type()).increment();
    refusal.answer(call.request());
  }
}
