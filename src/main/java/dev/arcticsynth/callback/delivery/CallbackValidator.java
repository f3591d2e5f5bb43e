package dev.arcticsynth.callback.delivery;

import dev.arcticsynth.callback.InvalidCallbackException;
import dev.arcticsynth.callback.destination.DestinationPolicy;
import dev.arcticsynth.callback.secret.Keyring;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/// Validates the callback of a new task.
@ApplicationScoped
public class CallbackValidator {

  private final DestinationPolicy destinationPolicy;
  private final Keyring keyring;

  CallbackValidator(DestinationPolicy destinationPolicy, Keyring keyring) {
    this.destinationPolicy = destinationPolicy;
    this.keyring = keyring;
  }

  /// Fails with [InvalidCallbackException] where the url may not be called or nothing could be
  /// signed.
  ///
  /// @param secret the task's own; without one the deployment's sign
  public Accepted accept(UUID taskId, String url, Optional<String> secret) {
    var destination = destinationPolicy.check(url);
    if (secret.isEmpty() && keyring.shared().isEmpty()) {
      throw InvalidCallbackException.secret(
          "no_callback_secret",
          "There is no secret to sign with: pass one, or have an operator set arctic.callback.secrets.");
    }
    return new Accepted(url, destination.host(), secret.map(text -> keyring.seal(taskId, text)));
  }

  /// @param sealedSecret encrypted; absent where the deployment's secrets sign
  public record Accepted(String url, String host, Optional<byte[]> sealedSecret) {}
}
