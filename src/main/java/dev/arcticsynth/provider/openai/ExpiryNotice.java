package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.http.HttpReply;
import dev.arcticsynth.provider.http.LogSanitizer;
import dev.arcticsynth.provider.http.WireEntry;
import dev.arcticsynth.provider.openai.Dialect.ExpiryForm;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/// How the expiry of files is requested. Warns once when a provider does not confirm it: Azure's
/// two surfaces are documented with two spellings of the member, and ignore what they do not know;
/// without an expiry it keeps 500 files and refuses more. A server that refuses the member is not
/// sent it again.
final class ExpiryNotice {

  private static final Pattern EXPIRY =
      Pattern.compile("expires?[_ .\\[]?(after|at|in)|expiry|expiration", Pattern.CASE_INSENSITIVE);

  /// The words of a refusal stand at its beginning.
  private static final int MOST = 4_000;

  private final Account account;
  private final AtomicBoolean isTold = new AtomicBoolean();
  private volatile ExpiryForm form;

  ExpiryNotice(Account account) {
    this.account = account;
    this.form = account.dialect().expiry();
  }

  /// For the next upload.
  ExpiryForm form() {
    return form;
  }

  /// The warning about an upload that was refused because it had an expiry: the next ones have
  /// none. Empty where it was refused for another reason.
  ///
  /// @param sent how it was asked for
  Optional<String> ofRefusal(HttpReply httpReply, ExpiryForm sent) {
    boolean isRefusal =
        switch (httpReply.status()) {
          case 400, 415, 422 -> true;
          default -> false;
        };
    String start = httpReply.body().substring(0, Math.min(httpReply.body().length(), MOST));
    if (!isRefusal || sent == ExpiryForm.NONE || !EXPIRY.matcher(start).find()) {
      return Optional.empty();
    }
    form = ExpiryForm.NONE;
    return Optional.of(
        "The provider refuses uploads with an expiry, so files are uploaded without: they may count against a limit until they are deleted. To send none from the start: provider=%1$s arctic.providers.%1$s.expiry-form=none"
            .formatted(account.name()));
  }

  /// The warning about an upload; empty from the second time on.
  ///
  /// @param uploaded what the upload was answered
  Optional<String> of(WireEntry uploaded) {
    ExpiryForm form = this.form;
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
