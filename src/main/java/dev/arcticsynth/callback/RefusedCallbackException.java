package dev.arcticsynth.callback;

/// What a caller says of a callback cannot be; nothing was changed.
public final class RefusedCallbackException extends RuntimeException {

  private final String member;
  private final String code;

  private RefusedCallbackException(String member, String code, String detail) {
    super(detail);
    this.member = member;
    this.code = code;
  }

  static RefusedCallbackException url(String code, String detail) {
    return new RefusedCallbackException("url", code, detail);
  }

  static RefusedCallbackException secret(String code, String detail) {
    return new RefusedCallbackException("secret", code, detail);
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
