package dev.arcticsynth.provider.simulator.run;

import static dev.arcticsynth.provider.simulator.run.BlockWriter.ascii;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// The lines of output and error files.
final class RowWriter {
  private static final byte[] ID = ascii("{\"id\":\"batch_req_");
  private static final byte[] CUSTOM_ID = ascii("\",\"custom_id\":\"");
  private static final byte[] ONLY_CUSTOM_ID = ascii("{\"custom_id\":\"");
  private static final byte[] BODY_FIRST = ascii("\",\"response\":{\"body\":");
  private static final byte[] STATUS_LAST = ascii("\",\"status_code\":200},\"error\":null}\n");
  private static final byte[] UNKNOWN_ID = ascii("unknown-");
  private static final byte[] STATUS = ascii("\",\"response\":{\"status_code\":");
  private static final byte[] REQUEST_ID = ascii(",\"request_id\":\"");
  private static final byte[] BODY = ascii("\",\"body\":");
  private static final byte[] END = ascii("},\"error\":null}\n");
  private static final byte[] GLITCH = ascii(",\"body\":{}");
  private static final byte[] REFUSED =
      ascii("{\"error\":{\"message\":\"The simulator was asked to refuse this row.\",\"type\":\"");
  private static final byte[] REFUSED_END = ascii("\",\"param\":null,\"code\":null}}");
  private static final byte[] NOT_RUN = ascii("\",\"response\":null,\"error\":{\"code\":\"");
  private static final byte[] EXPIRED =
      ascii(
          "batch_expired\",\"message\":\"This request could not be executed before the completion"
              + " window expired.\"}}\n");
  private static final byte[] CANCELLED =
      ascii(
          "batch_cancelled\",\"message\":\"This request was not executed because the batch was"
              + " cancelled.\"}}\n");
  private static final byte[] SAYS =
      ascii(
          "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":"
              + "\"assistant\",\"content\":\"");
  private static final byte[] SAYS_END = ascii("\"},\"finish_reason\":\"stop\"}]}");
  private static final byte[] BROKEN = ascii("\",\"response\":{\"status_code\":200,\"requ\n");

  private final InputRow inputRow;
  private final AnswerWriter answerWriter;
  private final SimulatedApi simulatedApi;

  RowWriter(InputRow inputRow, AnswerWriter answerWriter, SimulatedApi simulatedApi) {
    this.inputRow = inputRow;
    this.answerWriter = answerWriter;
    this.simulatedApi = simulatedApi;
  }

  void answer(BlockWriter out) throws IOException {
    named(out);
    answered(out);
  }

  /// In the shape of a chat, whatever was asked.
  void answer(BlockWriter out, String words, int times) throws IOException {
    named(out);
    out.put(STATUS).decimal(200).put(REQUEST_ID).hex(inputRow.number(1)).put(BODY).put(SAYS);
    byte[] text = words.getBytes(StandardCharsets.UTF_8);
    for (int n = 0; n < times; n++) {
      out.put(text);
    }
    out.put(SAYS_END).put(END);
  }

  void answerToStranger(BlockWriter out) throws IOException {
    out.put(ID).hex(inputRow.number(0)).put(CUSTOM_ID).put(UNKNOWN_ID).hex(inputRow.number(4));
    answered(out);
  }

  void broken(BlockWriter out) throws IOException {
    named(out);
    out.put(BROKEN);
  }

  void refused(BlockWriter out, int status) throws IOException {
    named(out);
    out.put(STATUS).decimal(status);
    if (status == 0) {
      out.put(GLITCH).put(END);
      return;
    }
    out.put(REQUEST_ID).hex(inputRow.number(1)).put(BODY);
    out.put(REFUSED).put(ascii(type(status))).put(REFUSED_END).put(END);
  }

  void expired(BlockWriter out) throws IOException {
    named(out);
    out.put(NOT_RUN).put(EXPIRED);
  }

  void cancelled(BlockWriter out) throws IOException {
    named(out);
    out.put(NOT_RUN).put(CANCELLED);
  }

  private void named(BlockWriter out) throws IOException {
    if (simulatedApi == SimulatedApi.AZURE) {
      out.put(ONLY_CUSTOM_ID);
    } else {
      out.put(ID).hex(inputRow.number(0)).put(CUSTOM_ID);
    }
    out.put(inputRow.customId(), 0, inputRow.customIdLength());
  }

  private void answered(BlockWriter out) throws IOException {
    if (simulatedApi == SimulatedApi.AZURE) {
      out.put(BODY_FIRST);
      answerWriter.write(out, inputRow);
      out.put(REQUEST_ID).hex(inputRow.number(1)).put(STATUS_LAST);
      return;
    }
    out.put(STATUS).decimal(200).put(REQUEST_ID).hex(inputRow.number(1)).put(BODY);
    answerWriter.write(out, inputRow);
    out.put(END);
  }

  private static String type(int status) {
    if (status == 429) {
      return "rate_limit_exceeded";
    }
    return status >= 500 ? "server_error" : "invalid_request_error";
  }
}
