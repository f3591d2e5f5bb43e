package dev.arcticsynth.provider.openai;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/// Tells, once, of a provider that is asked to let files expire and does not say that they will.
/// Azure's two surfaces are documented with two spellings of the wish, and ignore what they do not
/// know; without an expiry it keeps 500 files and refuses more.
final class ExpiryNotice {

  private static final Logger LOG = Logger.getLogger(ExpiryNotice.class);

  private final Account account;
  private final AtomicBoolean isTold = new AtomicBoolean();

  ExpiryNotice(Account account) {
    this.account = account;
  }

  /// @param uploaded what an upload was answered
  void look(WireEntry uploaded) {
    ExpiryForm form = account.dialect().expiry();
    if (form != ExpiryForm.NONE
        && uploaded.text("expires_at").isEmpty()
        && isTold.compareAndSet(false, true)) {
      LOG.warnf(
          "The provider does not say when an uploaded file expires, though it was asked to let it: it may count against a limit until we delete it. Try the other spelling, dots or brackets: provider=%s fileId=%s arctic.providers.%1$s.expiry-form=%3$s",
          account.name(), PlainText.of(uploaded.id()), form.name().toLowerCase(Locale.ROOT));
    }
  }
}
