package dev.arcticsynth.callback;

/// A callback's url or secret is invalid; nothing was changed.
public final class InvalidCallbackException extends RuntimeException {

  private final String member;
  private final String code;

  private InvalidCallbackException(String member, String code, String detail) {
    super(detail);
    this.member = member;
    this.code = code;
  }

  public static InvalidCallbackException url(String code, String detail) {
    return new InvalidCallbackException("url", code, detail);
  }

  public static InvalidCallbackException secret(String code, String detail) {
    return new InvalidCallbackException("secret", code, detail);
  }

  /// `url` or `secret`.
  public String member() {
    return member;
  }

  public String code() {
    return code;
  }

  public String detail() {
    return String.valueOf(getMessage());
  }
}
