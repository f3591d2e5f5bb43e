package dev.arcticsynth.task.lease;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// The name of this process in leases and in the history: `<pid>@<host>#<boot>.<pid namespace>`, or
/// the value of `arctic.replica`.
@ApplicationScoped
public class Replica {

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Path PID_NAMESPACE = Path.of("/proc/self/ns/pid");
  private static final Pattern OF_A_PROCESS = Pattern.compile("(\\d{1,18})(@.+#.+)");

  private final String name;
  private final String machine;

  Replica(@ConfigProperty(name = "arctic.replica") Optional<String> name) {
    this.machine = "@" + host() + "#" + boot();
    this.name = name.orElseGet(() -> ProcessHandle.current().pid() + machine);
  }

  public String name() {
    return name;
  }

  /// Whether another replica is certainly dead: a process of this machine, since its boot, that
  /// does not exist any more. Replicas elsewhere are never judged.
  public boolean isGone(String other) {
    var matcher = OF_A_PROCESS.matcher(other);
    if (!matcher.matches() || !matcher.group(2).equals(machine) || machine.endsWith("#")) {
      return false;
    }
    return !other.equals(name) && ProcessHandle.of(Long.parseLong(matcher.group(1))).isEmpty();
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  // Distinguishes machines of the same name, and containers on one of them, whose process numbers
  // are their own. Without it no replica is judged dead.
  private static String boot() {
    try {
      return Files.readString(BOOT_ID).substring(0, 8)
          + "."
          + Files.readSymbolicLink(PID_NAMESPACE).toString().replaceAll("\\D", "");
    } catch (IOException e) {
      return "";
    }
  }
}
