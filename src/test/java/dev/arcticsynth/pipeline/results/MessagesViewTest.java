package dev.arcticsynth.pipeline.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.pipeline.lines.GrowableBytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesViewTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "chat|{'choices':[{'index':0,'message':{'role':'assistant','content':'hi'},'finish_reason':'stop'}]}|{'role':'assistant','content':'hi'}",
        "n > 1|{'choices':[{'message':{'content':'a'}},{'message':{'content':'b'}}]}|{'content':'a'},{'content':'b'}",
        "tool calls|{'choices':[{'message':{'role':'assistant','content':null,'tool_calls':[{'id':'c','function':{'name':'f','arguments':'{}'}}]}}]}|{'role':'assistant','content':null,'tool_calls':[{'id':'c','function':{'name':'f','arguments':'{}'}}]}",
        "refusal|{'choices':[{'message':{'content':null,'refusal':'no'}}]}|{'content':null,'refusal':'no'}",
        "numbers and spaces|{'choices':[{'message': { 'content' : 'x' , 'n' : 1.0E+2 } }]}|{ 'content' : 'x' , 'n' : 1.0E+2 }",
        "completions|{'choices':[{'text':'one'},{'text':'two'}]}|{'role':'assistant','content':'one'},{'role':'assistant','content':'two'}",
        "responses|{'output':[{'type':'reasoning','summary':[]},{'type':'message','content':[{'type':'output_text','text':'a'}]},{'id':'m','type':'message','content':[]}]}|{'type':'message','content':[{'type':'output_text','text':'a'}]},{'id':'m','type':'message','content':[]}",
        "embeddings|{'data':[{'embedding':[0.1]}]}|",
        "empty|{}|",
        "a message that is null|{'choices':[{'message':null},{'message':{'content':'b'}}]}|{'content':'b'}",
        "a choice that is none|{'choices':[null,7,'x',[],{'message':{'content':'b'}}]}|{'content':'b'}",
        "an output that is none|{'output':[null,7,[],{'type':'message'}]}|{'type':'message'}",
        "a message deeper down|{'x':{'choices':[{'message':{'content':'inner'}}]},'choices':[]}|",
      })
  void messages_are_the_providers_bytes(String what, String body, String choices) {
    // Given
    String line =
        "{'id':'i','custom_id':'my \\'é','response':{'status_code':200,'body':%s,'request_id':'r'},'error':null}\n"
            .formatted(body);

    // When
    String shown = shown(line);

    // Then
    assertThat(shown)
        .isEqualTo(
            json(
                "{'custom_id':'my \\'é','choices':[%s]}\n"
                    .formatted(choices == null ? "" : choices)));
  }

  @Test
  void a_request_without_an_answer_keeps_its_error() {
    // Given
    String line =
        "{'id':null,'custom_id':'a','response':{'status_code':400,'body':{'error':{'code':'inner'}}},'error':{'code':'c','message':'é'}}\n";

    // When
    String shown = shown(line);

    // Then
    assertThat(shown)
        .isEqualTo(json("{'custom_id':'a','choices':[],'error':{'code':'c','message':'é'}}\n"));
  }

  private static String shown(String line) {
    byte[] before = "before\n".getBytes(UTF_8);
    byte[] text = json(line).getBytes(UTF_8);
    var raw = new GrowableBytes(64);
    raw.write(before);
    raw.write(text);
    var out = new GrowableBytes(64);
    MessagesView.write(raw.toByteArray(), before.length, before.length + text.length, out);
    return out.toString(UTF_8);
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }
}
