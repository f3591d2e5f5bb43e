package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.Submission;
import dev.arcticsynth.provider.openai.Dialect.ExpiryForm;
import io.smallrye.mutiny.Multi;
import io.vertx.mutiny.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// The multipart form that uploads a file, around lines that are streamed. Its length is known
/// before the first line, so the form is sent with a `Content-Length`: some servers take no chunks.
record MultipartUpload(String boundary, Buffer head, Buffer tail) {

  private static final int MAX_NAME = 200;
  private static final String SUFFIX = ".jsonl";

  static MultipartUpload of(Submission submission, Account account, ExpiryForm form) {
    String boundary = "arctic-" + UUID.randomUUID();
    // Some compatible servers read the parts in order, so the file comes last.
    String head =
        field(boundary, "purpose", account.dialect().purpose())
            + expiry(boundary, form, account.transfers().expiry())
            + "--%s\r\n".formatted(boundary)
            + "Content-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n"
                .formatted(fileName(submission.tag()))
            // Azure refuses a part without a type.
            + "Content-Type: application/octet-stream\r\n\r\n";
    return new MultipartUpload(
        boundary, Buffer.buffer(head), Buffer.buffer("\r\n--%s--\r\n".formatted(boundary)));
  }

  String contentType() {
    return "multipart/form-data; boundary=" + boundary;
  }

  long length(long fileBytes) {
    return head.length() + fileBytes + tail.length();
  }

  Multi<Buffer> around(Multi<Buffer> file) {
    return Multi.createBy()
        .concatenating()
        .streams(Multi.createFrom().item(head), file, Multi.createFrom().item(tail));
  }

  /// OpenAI refuses names that do not end in `.jsonl`.
  static String fileName(String tag) {
    String safe = tag.replaceAll("[^A-Za-z0-9._-]", "_");
    return safe.substring(0, Math.min(safe.length(), MAX_NAME)) + SUFFIX;
  }

  /// The tag that a file was named by, where its parts have none of the characters that a name may
  /// not have.
  static Optional<String> tag(String fileName) {
    return Optional.of(fileName)
        .filter(name -> name.endsWith(SUFFIX))
        .map(name -> name.substring(0, name.length() - SUFFIX.length()).replace('_', '/'));
  }

  private static String expiry(String boundary, ExpiryForm form, Duration expiry) {
    return form == ExpiryForm.NONE
        ? ""
        : field(boundary, form.name("anchor"), "created_at")
            + field(boundary, form.name("seconds"), Long.toString(expiry.toSeconds()));
  }

  private static String field(String boundary, String name, String value) {
    return "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
        .formatted(boundary, name, value);
  }
}
