package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.http.LogSanitizer;
import dev.arcticsynth.provider.http.WireEntry;
import dev.arcticsynth.provider.openai.Dialect.ExpiryForm;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// Warns once when a provider does not confirm the requested expiry of files. Azure's two surfaces
/// are documented with two spellings of the member, and ignore what they do not know; without an
/// expiry it keeps 500 files and refuses more.
final class ExpiryNotice {

  private final Account account;
  private final AtomicBoolean isTold = new AtomicBoolean();

  ExpiryNotice(Account account) {
    this.account = account;
  }

  /// The warning about an upload; empty from the second time on.
  ///
  /// @param uploaded what the upload was answered
  Optional<String> of(WireEntry uploaded) {
    ExpiryForm form = account.dialect().expiry();
    return form != ExpiryForm.NONE
            && uploaded.text("expires_at").isEmpty()
            && isTold.compareAndSet(false, true)
        ? Optional.of(sentence(uploaded, form))
        : Optional.empty();
  }

  private String sentence(WireEntry uploaded, ExpiryForm form) {
    return "The provider does not confirm the expiry of an uploaded file: it may count against a limit until it is deleted. Try the other spelling, dots or brackets: provider=%1$s fileId=%2$s arctic.providers.%1$s.expiry-form=%3$s"
        .formatted(
            account.name(), LogSanitizer.of(uploaded.id()), form.name().toLowerCase(Locale.ROOT));
  }
}
