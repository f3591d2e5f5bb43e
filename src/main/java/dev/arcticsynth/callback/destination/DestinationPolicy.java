package dev.arcticsynth.callback.destination;

import dev.arcticsynth.callback.CallbackConfig;
import dev.arcticsynth.callback.InvalidCallbackException;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Where callbacks may go: the rules of `docs/RELIABILITY.md#callback-destinations` and the
/// operator's exceptions.
@Startup
@Singleton
public class DestinationPolicy {

  private static final List<String> INTERNAL =
      List.of(".local", ".internal", ".localhost", ".svc", ".cluster.local", ".home.arpa");

  private final boolean allowHttp;
  private final Set<Integer> ports;
  private final Predicate<String> trustedNames;
  private final AddressRules addresses;

  public DestinationPolicy(CallbackConfig config) {
    this.allowHttp = config.allowHttp();
    this.ports = Set.copyOf(config.ports());
    var allowed = new ArrayList<Cidr>();
    Predicate<String> names = name -> false;
    for (String entry : config.allow().orElse(List.of())) {
      if (isBlock(entry)) {
        allowed.add(block("allow", entry));
      } else {
        names = names.or(HostPattern.parse(entry)::matches);
      }
    }
    this.trustedNames = names;
    var denied = new ArrayList<>(own());
    config.deny().orElse(List.of()).forEach(entry -> denied.add(block("deny", entry)));
    this.addresses = new AddressRules(allowed, denied);
  }

  /// Fails with [InvalidCallbackException] where no callback may go to the url. Names are resolved
  /// when something is sent, since by then they may resolve differently.
  public Destination check(String url) {
    var destination = Destination.parse(url);
    boolean trusted = isTrusted(destination);
    if (!trusted) {
      requireSchemeAndPort(destination);
      requirePublicName(destination);
    }
    if (destination.literal().filter(address -> !permits(destination, address)).isPresent()) {
      throw InvalidCallbackException.url(
          "destination_not_allowed",
          "Callbacks do not go to %s. An operator can allow it in arctic.callback.allow."
              .formatted(destination.host()));
    }
    return destination;
  }

  /// Whether a connection may be made to this address of the destination's.
  public boolean permits(Destination destination, InetAddress address) {
    return trustedNames.test(destination.host()) || addresses.permit(address);
  }

  private boolean isTrusted(Destination destination) {
    return trustedNames.test(destination.host())
        || destination
            .literal()
            .filter(address -> addresses.allow().stream().anyMatch(b -> b.contains(address)))
            .isPresent();
  }

  private void requireSchemeAndPort(Destination destination) {
    if (!destination.isSecure() && !allowHttp) {
      throw InvalidCallbackException.url(
          "https_required", "Callbacks go to https only (arctic.callback.allow-http is false).");
    }
    if (!ports.contains(destination.port())) {
      throw InvalidCallbackException.url(
          "port_not_allowed",
          "Callbacks do not go to port %d; arctic.callback.ports has %s."
              .formatted(destination.port(), ports.stream().sorted().toList()));
    }
  }

  private static void requirePublicName(Destination destination) {
    String host = destination.host();
    boolean isName = destination.literal().isEmpty();
    if (isName && (host.indexOf('.') < 0 || INTERNAL.stream().anyMatch(host::endsWith))) {
      throw InvalidCallbackException.url(
          "destination_not_allowed",
          "'%s' is a name inside of some network. An operator can allow it in arctic.callback.allow."
              .formatted(host));
    }
  }

  private static boolean isBlock(String entry) {
    return entry.indexOf('/') >= 0 || IpLiterals.address(entry).isPresent();
  }

  private static Cidr block(String setting, String text) {
    try {
      return Cidr.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "arctic.callback.%s: '%s' is no block of addresses such as 10.0.0.0/8."
              .formatted(setting, text),
          e);
    }
  }

  /// A callback to this service itself would come from inside the network.
  private static Collection<Cidr> own() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .map(address -> new Cidr(address, address.getAddress().length * 8))
          .toList();
    } catch (SocketException e) {
      throw new IllegalStateException("Cannot list the network interfaces of this machine.", e);
    }
  }

  /// A host that an operator trusts: `sink.example.com`, or `*.example.com` for all below.
  private record HostPattern(boolean isSuffix, String name) {

    private static final Pattern TEXT = Pattern.compile("(\\*\\.)?[a-z0-9-]+(\\.[a-z0-9-]+)*");

    /// Fails with [IllegalArgumentException], so that a wrong setting stops the start.
    static HostPattern parse(String text) {
      String name = text.toLowerCase(Locale.ROOT);
      if (!TEXT.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "arctic.callback.allow: '%s' is no host, no *.suffix and no block of addresses."
                .formatted(text));
      }
      boolean suffix = name.startsWith("*");
      return new HostPattern(suffix, suffix ? name.substring(1) : name);
    }

    boolean matches(String host) {
      return isSuffix ? host.endsWith(name) && host.length() > name.length() : host.equals(name);
    }
  }
}
