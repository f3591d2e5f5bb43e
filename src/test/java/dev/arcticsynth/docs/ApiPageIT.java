package dev.arcticsynth.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.arcticsynth.docs.MarkdownFile.Block;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every command with `curl` in `README.md` and under `docs/` is run as it stands, against the
/// packaged service with its simulator, and what the page shows of the answer is in the answer.
class ApiPageIT {
  /// The address of the pages, and that of a receiver which may be anywhere.
  private static final String SERVER = "localhost:8080";

  private static final String RECEIVER = "https://example.com/hooks/arctic";

  @TempDir Path home;

  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final ShownAnswer shown = new ShownAnswer();
  private final List<String> wrong = new ArrayList<>();
  private int commands;

  @Test
  void every_command_of_the_pages_answers_what_they_show() throws Exception {
    // Given
    HttpServer sink = sink();
    String sinkUrl = "http://127.0.0.1:" + sink.getAddress().getPort() + "/hooks/arctic";
    try (var service = PackagedService.start(home)) {
      for (MarkdownFile page : pages()) {
        try (var shell = new Shell(home)) {
          // When
          List<Block> blocks = page.blocks();
          for (int i = 0; i < blocks.size(); i++) {
            if (isRun(blocks.get(i))) {
              String command =
                  shown
                      .withIds(blocks.get(i).text())
                      .replace(SERVER, service.address())
                      .replace(RECEIVER, sinkUrl);
              String answer =
                  shell.run(command).replace(service.address(), SERVER).replace(sinkUrl, RECEIVER);
              commands++;
              Optional<Block> answerShown = answerOf(blocks, i, page);
              answerShown.ifPresent(block -> compare(page, block, answer));
            }
          }
        }
      }
    } finally {
      sink.stop(0);
    }

    // Then
    assertThat(wrong).isEmpty();
    assertThat(commands).isGreaterThan(30);
  }

  private void compare(MarkdownFile page, Block block, String answer) {
    String actual = block.text().startsWith("POST ") ? nextReceived() : answer;
    shown
        .differences(block.language(), block.text(), actual)
        .forEach(what -> wrong.add("%s:%d: %s".formatted(page.path(), block.line(), what)));
  }

  private static List<MarkdownFile> pages() throws IOException {
    List<MarkdownFile> pages = new ArrayList<>(List.of(MarkdownFile.read(Path.of("README.md"))));
    // The page of files right behind, while no other task leaves files that are newer than its own.
    pages.add(MarkdownFile.read(Path.of("docs/files.md")));
    MarkdownFile.files(Path.of("docs"))
        .filter(path -> path.toString().endsWith(".md") && !path.endsWith("files.md"))
        .map(MarkdownFile::read)
        .filter(page -> page.blocks().stream().anyMatch(ApiPageIT::isRun))
        .forEach(pages::add);
    return pages;
  }

  private static boolean isRun(Block block) {
    return block.language().equals("sh")
        && block.text().lines().anyMatch(line -> line.matches(".*\\bcurl .*|[A-Z]+=.*"));
  }

  /// The block right behind, where it shows an answer.
  private static Optional<Block> answerOf(List<Block> blocks, int command, MarkdownFile page) {
    return blocks.stream()
        .skip(command + 1L)
        .findFirst()
        .filter(next -> !next.language().equals("sh"))
        .filter(next ->
            page.lines().subList(blocks.get(command).end(), next.line() - 1).stream()
                .allMatch(line -> line.isBlank()));
  }

  private HttpServer sink() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var text = new StringBuilder("POST " + exchange.getRequestURI() + " HTTP/1.1\n");
          exchange
              .getRequestHeaders()
              .forEach((name, values) ->
                  text.append(name.toLowerCase(java.util.Locale.ROOT))
                      .append(": ")
                      .append(values.getFirst())
                      .append('\n'));
          text.append('\n').append(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          received.add(text.toString());
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private String nextReceived() {
    try {
      String message = received.poll(60, TimeUnit.SECONDS);
      return message == null ? "nothing was received" : message;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// One shell for all commands of a page, in a folder that looks like the checkout's.
  private static final class Shell implements AutoCloseable {
    private static final String END = "--- end of the command ---";

    private final Path documents;
    private final Process process;

    Shell(Path home) throws IOException {
      Path folder = Files.createTempDirectory(home, "checkout");
      documents =
          Files.createSymbolicLink(folder.resolve("docs"), Path.of("docs").toAbsolutePath());
      process =
          new ProcessBuilder("bash")
              .directory(folder.toFile())
              .redirectError(home.resolve("shell.err").toFile())
              .start();
    }

    String run(String command) throws IOException {
      var stdin = process.outputWriter(UTF_8);
      stdin.write(command + "\nprintf '\\n%s\\n' '" + END + "'\n");
      stdin.flush();
      var text = new StringBuilder();
      var stdout = process.inputReader(UTF_8);
      for (String line = stdout.readLine(); !END.equals(line); line = stdout.readLine()) {
        if (line == null) {
          throw new AssertionError("The shell ended in: " + command);
        }
        text.append(line).append('\n');
      }
      return text.toString();
    }

    @Override
    public void close() throws IOException {
      boolean _ = process.destroyForcibly().isAlive();
      Files.delete(documents);
    }
  }
}
