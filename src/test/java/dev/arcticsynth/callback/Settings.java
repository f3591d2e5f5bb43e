package dev.arcticsynth.callback;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Settings as tests want them; everything else is as in production.
public record Settings(
    List<String> secretsOrNone,
    Optional<String> key,
    boolean allowHttp,
    Set<Integer> ports,
    List<String> allowed,
    List<String> denied,
    Duration timeout)
    implements CallbackConfig {

  public static Settings asInProduction() {
    return new Settings(
        List.of(),
        Optional.empty(),
        false,
        Set.of(443),
        List.of(),
        List.of(),
        Duration.ofSeconds(20));
  }

  public Settings allowing(String... entries) {
    return new Settings(secretsOrNone, key, allowHttp, ports, List.of(entries), denied, timeout);
  }

  public Settings denying(String... entries) {
    return new Settings(secretsOrNone, key, allowHttp, ports, allowed, List.of(entries), timeout);
  }

  public Settings withHttpAndPorts(Integer... all) {
    return new Settings(secretsOrNone, key, true, Set.of(all), allowed, denied, timeout);
  }

  public Settings within(Duration limit) {
    return new Settings(secretsOrNone, key, allowHttp, ports, allowed, denied, limit);
  }

  public Settings signedBy(String... all) {
    return new Settings(List.of(all), key, allowHttp, ports, allowed, denied, timeout);
  }

  public Settings withKey(String base64) {
    return new Settings(
        secretsOrNone, Optional.of(base64), allowHttp, ports, allowed, denied, timeout);
  }

  @Override
  public Optional<List<String>> secrets() {
    return secretsOrNone.isEmpty() ? Optional.empty() : Optional.of(secretsOrNone);
  }

  @Override
  public Optional<Path> keyFile() {
    return Optional.empty();
  }

  @Override
  public Optional<List<String>> allow() {
    return allowed.isEmpty() ? Optional.empty() : Optional.of(allowed);
  }

  @Override
  public Optional<List<String>> deny() {
    return denied.isEmpty() ? Optional.empty() : Optional.of(denied);
  }

  @Override
  public int concurrency() {
    return 16;
  }
}
