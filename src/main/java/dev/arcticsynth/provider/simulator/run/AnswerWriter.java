package dev.arcticsynth.provider.simulator.run;

import static dev.arcticsynth.provider.simulator.run.BlockWriter.ascii;

import dev.arcticsynth.provider.simulator.store.StateJson;
import java.io.IOException;

/// Writes a model's answer to a row, in the format of the endpoint. The same row gets the same
/// answer every time.
final class AnswerWriter {
  private static final byte[] SAYS = ascii("You wrote ");
  private static final byte[] BEGINNING = ascii(" bytes; they begin with: ");
  private static final byte[] CREATED = ascii("\",\"created\":");
  private static final byte[] MODEL = ascii(",\"model\":");
  private static final byte[] PROMPT_TOKENS = ascii("\"usage\":{\"prompt_tokens\":");
  private static final byte[] COMPLETION_TOKENS = ascii(",\"completion_tokens\":");
  private static final byte[] TOTAL_TOKENS = ascii(",\"total_tokens\":");
  private static final byte[] CHAT = ascii("{\"id\":\"chatcmpl-");
  private static final byte[] CHAT_CREATED =
      ascii("\",\"object\":\"chat.completion\",\"created\":");
  private static final byte[] CHAT_CHOICE =
      ascii(",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"");
  private static final byte[] CHAT_END =
      ascii("\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],");
  private static final byte[] FINGERPRINT = ascii("},\"system_fingerprint\":null}");
  private static final byte[] TEXT = ascii("{\"id\":\"cmpl-");
  private static final byte[] TEXT_OBJECT = ascii(",\"object\":\"text_completion\"");
  private static final byte[] TEXT_CHOICE = ascii(",\"choices\":[{\"text\":\"");
  private static final byte[] TEXT_END =
      ascii("\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"stop\"}],");
  private static final byte[] END = ascii("}}");
  private static final byte[] RESPONSE = ascii("{\"id\":\"resp_");
  private static final byte[] RESPONSE_CREATED =
      ascii("\",\"object\":\"response\",\"created_at\":");
  private static final byte[] RESPONSE_OUTPUT =
      ascii(
          ",\"status\":\"completed\",\"error\":null,\"incomplete_details\":null,\"output\":[{"
              + "\"id\":\"msg_");
  private static final byte[] RESPONSE_TEXT =
      ascii(
          "\",\"type\":\"message\",\"role\":\"assistant\",\"status\":\"completed\",\"content\":[{"
              + "\"type\":\"output_text\",\"text\":\"");
  private static final byte[] RESPONSE_USAGE =
      ascii("\",\"annotations\":[]}]}],\"usage\":{\"input_tokens\":");
  private static final byte[] OUTPUT_TOKENS =
      ascii(",\"input_tokens_details\":{\"cached_tokens\":0},\"output_tokens\":");
  private static final byte[] RESPONSE_TOTAL =
      ascii(",\"output_tokens_details\":{\"reasoning_tokens\":0},\"total_tokens\":");
  private static final byte[] EMBEDDINGS = ascii("{\"object\":\"list\"");
  private static final byte[] DATA = ascii(",\"data\":[");
  private static final byte[] EMBEDDING = ascii("{\"object\":\"embedding\",\"index\":");
  private static final byte[] VECTOR = ascii(",\"embedding\":[0.");
  private static final byte[] NEXT_NUMBER = ascii(",-0.");
  private static final byte[] VECTOR_END = ascii("]}");
  private static final byte[] NOTHING = {};
  private static final byte[] COMMA = ascii(",");
  private static final byte[] LIST_END = ascii("],");
  private static final byte[] MODERATION = ascii("{\"id\":\"modr-");
  private static final byte[] QUOTE = ascii("\"");
  private static final byte[] MODERATION_RESULT =
      ascii(
          ",\"results\":[{\"flagged\":false,\"categories\":{\"harassment\":false,\"hate\":false,"
              + "\"self-harm\":false,\"sexual\":false,\"violence\":false},\"category_scores\":{"
              + "\"harassment\":0.0001,\"hate\":0.0001,\"self-harm\":0.0001,\"sexual\":0.0001,"
              + "\"violence\":0.0001}}]}");

  private final Endpoint endpoint;
  private final byte[] model;
  private final long created;

  AnswerWriter(Endpoint endpoint, String model, long created) {
    this.endpoint = endpoint;
    this.model = StateJson.bytes(model);
    this.created = created;
  }

  static int inputTokens(InputRow inputRow) {
    return 1 + inputRow.promptLength() / 4;
  }

  int outputTokens(InputRow inputRow) {
    return switch (endpoint) {
      case CHAT, RESPONSES, COMPLETIONS -> 10 + inputRow.wordsLength() / 4;
      case EMBEDDINGS, MODERATIONS -> 0;
    };
  }

  void write(BlockWriter out, InputRow inputRow) throws IOException {
    switch (endpoint) {
      case CHAT -> chat(out, inputRow);
      case RESPONSES -> response(out, inputRow);
      case COMPLETIONS -> text(out, inputRow);
      case EMBEDDINGS -> embeddings(out, inputRow);
      case MODERATIONS -> moderation(out, inputRow);
    }
  }

  private void chat(BlockWriter out, InputRow inputRow) throws IOException {
    out.put(CHAT).hex(inputRow.number(2)).put(CHAT_CREATED).decimal(created);
    out.put(MODEL).put(model).put(CHAT_CHOICE);
    says(out, inputRow);
    out.put(CHAT_END);
    usage(out, inputRow);
    out.put(FINGERPRINT);
  }

  private void text(BlockWriter out, InputRow inputRow) throws IOException {
    out.put(TEXT).hex(inputRow.number(2)).put(CREATED).decimal(created).put(TEXT_OBJECT);
    out.put(MODEL).put(model).put(TEXT_CHOICE);
    says(out, inputRow);
    out.put(TEXT_END);
    usage(out, inputRow);
    out.put(END);
  }

  private void response(BlockWriter out, InputRow inputRow) throws IOException {
    out.put(RESPONSE).hex(inputRow.number(2)).put(RESPONSE_CREATED).decimal(created);
    out.put(MODEL).put(model).put(RESPONSE_OUTPUT).hex(inputRow.number(3)).put(RESPONSE_TEXT);
    says(out, inputRow);
    out.put(RESPONSE_USAGE).decimal(inputTokens(inputRow)).put(OUTPUT_TOKENS);
    out.decimal(outputTokens(inputRow)).put(RESPONSE_TOTAL);
    out.decimal(inputTokens(inputRow) + outputTokens(inputRow)).put(END);
  }

  private void embeddings(BlockWriter out, InputRow inputRow) throws IOException {
    out.put(EMBEDDINGS).put(MODEL).put(model).put(DATA);
    for (int i = 0; i < inputRow.inputs(); i++) {
      out.put(i == 0 ? NOTHING : COMMA)
          .put(EMBEDDING)
          .decimal(i)
          .put(VECTOR)
          .decimal(digits(inputRow, i * 8));
      for (int n = 1; n < 8; n++) {
        out.put(NEXT_NUMBER).decimal(digits(inputRow, i * 8 + n));
      }
      out.put(VECTOR_END);
    }
    out.put(LIST_END).put(PROMPT_TOKENS).decimal(inputTokens(inputRow));
    out.put(TOTAL_TOKENS).decimal(inputTokens(inputRow)).put(END);
  }

  private void moderation(BlockWriter out, InputRow inputRow) throws IOException {
    out.put(MODERATION).hex(inputRow.number(2)).put(QUOTE);
    out.put(MODEL).put(model).put(MODERATION_RESULT);
  }

  private void says(BlockWriter out, InputRow inputRow) throws IOException {
    out.put(SAYS).decimal(inputRow.promptLength()).put(BEGINNING);
    out.put(inputRow.words(), 0, inputRow.wordsLength());
  }

  private void usage(BlockWriter out, InputRow inputRow) throws IOException {
    out.put(PROMPT_TOKENS).decimal(inputTokens(inputRow));
    out.put(COMPLETION_TOKENS).decimal(outputTokens(inputRow));
    out.put(TOTAL_TOKENS).decimal(inputTokens(inputRow) + outputTokens(inputRow));
  }

  private static long digits(InputRow inputRow, int salt) {
    return 100_000 + Math.floorMod(inputRow.number(salt), 900_000);
  }
}
