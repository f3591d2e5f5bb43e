package dev.arcticsynth.provider.http;

import io.smallrye.mutiny.Uni;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Credentials with further headers, which gateways ask for. They may hold secrets.
public final class CustomHeaders implements HttpCredentials {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}");
  private static final Pattern VALUE = Pattern.compile("[!-~]([ -~]{0,4094}[!-~])?");

  /// The name of a variable has no dashes, and what stands for them is read as dots.
  private static final Pattern OF_VARIABLE = Pattern.compile("[a-z0-9]+(\\.[a-z0-9]+)+");

  /// What they say is decided for each call.
  private static final Set<String> OURS =
      Set.of(
          "host",
          "content-length",
          "content-type",
          "transfer-encoding",
          "connection",
          "accept-encoding",
          "upgrade",
          "te",
          "expect");

  private final HttpCredentials account;
  private final Map<String, String> more;

  private CustomHeaders(HttpCredentials account, Map<String, String> more) {
    this.account = account;
    this.more = Map.copyOf(more);
  }

  /// @param more replace headers of the same name
  public static HttpCredentials of(
      HttpCredentials account, Map<String, String> more, SettingChecks settingChecks) {
    var named = new LinkedHashMap<String, String>();
    more.forEach((name, value) -> {
      check(name, value, settingChecks);
      named.put(OF_VARIABLE.matcher(name).matches() ? name.replace('.', '-') : name, value);
    });
    return named.isEmpty() ? account : new CustomHeaders(account, named);
  }

  @Override
  public Map<String, String> headers() {
    var all = new LinkedHashMap<>(account.headers());
    all.keySet().removeIf(name -> more.keySet().stream().anyMatch(name::equalsIgnoreCase));
    all.putAll(more);
    return all;
  }

  @Override
  public Uni<Void> prepare() {
    return account.prepare();
  }

  @Override
  public boolean mayRenew(Map<String, String> refused) {
    return !headers().equals(refused) || account.mayRenew(account.headers());
  }

  @Override
  public String fingerprint() {
    return account.fingerprint() + HttpCredentials.fixed(more).fingerprint();
  }

  private static void check(String name, String value, SettingChecks settingChecks) {
    if (!NAME.matcher(name).matches() || OURS.contains(name.toLowerCase(Locale.ROOT))) {
      throw settingChecks.wrong("headers." + name, "cannot be set: it is no header of yours");
    }
    if (!VALUE.matcher(value).matches()) {
      throw settingChecks.wrong("headers." + name, "has characters that cannot be sent");
    }
  }
}
