package dev.arcticsynth.api;

import dev.arcticsynth.callback.Callbacks;
import dev.arcticsynth.callback.RefusedCallbackException;
import dev.arcticsynth.task.NewTask.NewCallback;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Checks whom a caller wants to be told of a new task.
@ApplicationScoped
class NewCallbacks {

  private final Callbacks callbacks;

  NewCallbacks(Callbacks callbacks) {
    this.callbacks = callbacks;
  }

  Optional<NewCallback> check(CreateTask.@Nullable Callback wish) {
    if (wish == null) {
      return Optional.empty();
    }
    if (wish.url() == null) {
      throw new BadRequest("/callback/url", "missing_url", "A callback needs a url.");
    }
    var id = UUID.randomUUID();
    try {
      var accepted = callbacks.accept(id, wish.url(), Optional.ofNullable(wish.secret()));
      return Optional.of(
          new NewCallback(id, accepted.url(), accepted.host(), accepted.sealedSecret()));
    } catch (RefusedCallbackException refused) {
      throw new BadRequest("/callback/" + refused.member(), refused.code(), refused.detail());
    }
  }
}
