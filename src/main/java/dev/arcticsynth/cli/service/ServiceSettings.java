package dev.arcticsynth.cli.service;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Configuration that the command line gives to the service it boots, as system properties.
public record ServiceSettings(Map<String, String> properties) {
  public ServiceSettings {
    properties = Map.copyOf(properties);
  }

  /// Options that are absent are left to the configuration.
  public static ServiceSettings serving(Optional<String> host, Optional<Integer> port) {
    var properties = new LinkedHashMap<String, String>();
    host.ifPresent(value -> properties.put("quarkus.http.host", value));
    port.ifPresent(value -> properties.put("quarkus.http.port", value.toString()));
    return new ServiceSettings(properties);
  }

  /// For this process alone, and quiet unless something is wrong: a progress bar is on the same
  /// terminal.
  public static ServiceSettings quiet() {
    return new ServiceSettings(
        Map.of(
            "quarkus.http.host", "127.0.0.1",
            "quarkus.http.port", "0",
            "quarkus.banner.enabled", "false",
            // The user waits after Ctrl-C; the next run resumes with the leases that this one
            // releases.
            "arctic.stop.timeout", System.getProperty("arctic.stop.timeout", "2s"),
            "quarkus.log.level", System.getProperty("quarkus.log.level", "WARN"),
            "quarkus.log.console.stderr", "true",
            // %s leaves out the stack trace of what is logged.
            "quarkus.log.console.format", "%-5p %s%n",
            "quarkus.log.category.\"io.quarkus.runtime\".level", "OFF"));
  }

  public ServiceSettings and(Map<String, String> more) {
    var both = new LinkedHashMap<>(properties);
    both.putAll(more);
    return new ServiceSettings(both);
  }

  /// Names only: a provider's settings hold its key.
  @Override
  public String toString() {
    return properties.keySet().toString();
  }

  void apply() {
    // Guards of connections, see GuardedPorts; read when Netty opens the first port.
    System.setProperty("io.netty.bootstrap.extensions", "serviceload");
    System.getProperties().putAll(properties);
    // Until Quarkus has read its configuration, and after a start that failed, this level holds.
    if ("WARN".equals(properties.get("quarkus.log.level"))) {
      Logger.getLogger("").setLevel(Level.WARNING);
    }
  }
}
