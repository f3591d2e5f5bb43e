package dev.arcticsynth.api.access;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/// Which calls are let in. [security.md](security.md) has the reasons.
@ConfigMapping(prefix = "arctic.http")
interface AccessConfig {

  /// Names that callers may use for the service, besides `localhost` and the machine's own
  /// addresses: names of a Kubernetes Service, or those that a proxy passes on. Without port;
  /// `*.example.com` is any name below; `*` alone switches the check off.
  Optional<List<String>> allowedHosts();

  /// Origins of web pages that may change something, such as `https://batch.example.com`, where a
  /// proxy does not pass `Host` on. Pages that the service itself serves may anyway.
  Optional<List<String>> allowedOrigins();
}
