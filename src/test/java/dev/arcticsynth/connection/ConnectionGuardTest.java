package dev.arcticsynth.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ConnectionGuardTest {

  private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  private static final String POST = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n";

  private final CallerConnectionsConfig config =
      new SmallRyeConfigBuilder()
          .withConverter(Duration.class, 100, new DurationConverter())
          .withMapping(CallerConnectionsConfig.class)
          .withDefaultValue("arctic.connections.max", "3")
          .withDefaultValue("arctic.connections.per-address", "2")
          .build()
          .getConfigMapping(CallerConnectionsConfig.class);
  private final ConnectionLimits limits = new ConnectionLimits(config.max(), config.perAddress());

  @Test
  void a_connection_that_sends_nothing_is_closed_after_the_time_of_a_head() {
    // Given
    EmbeddedChannel connection = connect("10.0.0.1");

    // When
    pass(connection, 9);
    boolean before = connection.isOpen();
    pass(connection, 1);

    // Then
    assertThat(before).isTrue();
    assertThat(connection.isOpen()).isFalse();
    assertThat(sent(connection)).isEmpty();
    assertThat(limits.total()).isZero();
  }

  @Test
  void a_head_that_drips_is_answered_408_when_its_time_is_over() {
    // Given
    EmbeddedChannel connection = connect("10.0.0.1");

    // When
    for (int second = 0; second < 10; second++) {
      receive(connection, GET.substring(second, second + 1));
      pass(connection, 1);
    }

    // Then
    assertThat(sent(connection)).startsWith("HTTP/1.1 408 ").contains("problems/too-slow");
    pass(connection, 1);
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void an_answer_may_take_as_long_as_it_takes_and_a_pause_may_not() {
    // Given
    EmbeddedChannel connection = connect("10.0.0.1");
    receive(connection, GET);
    pass(connection, 3_600);

    // When
    respond(connection);

    // Then
    pass(connection, 74);
    receive(connection, GET);
    pass(connection, 3_600);
    assertThat(connection.isOpen()).isTrue();
    respond(connection);
    pass(connection, 75);
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void what_is_not_understood_is_counted_and_left_alone() {
    // Given (no codec yet when the first bytes come)
    EmbeddedChannel connection = connect("10.0.0.1");
    connection.pipeline().remove(HttpResponseEncoder.class);

    // When
    receive(connection, GET);
    pass(connection, 3_600);

    // Then
    assertThat(connection.isOpen()).isTrue();
    assertThat(limits.total()).isEqualTo(1);
  }

  @Test
  void the_rest_of_a_body_that_was_answered_is_not_waited_for_long() {
    // Given
    EmbeddedChannel connection = connect("10.0.0.1");
    receive(connection, POST + "12");
    pass(connection, 100);

    // When
    respond(connection);
    pass(connection, 9);
    receive(connection, "3");
    pass(connection, 1);

    // Then
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void one_too_many_is_told_so_and_what_it_sends_is_thrown_away() {
    // Given
    receive(connect("10.0.0.1"), GET);
    receive(connect("10.0.0.1"), GET);

    // When
    EmbeddedChannel third = connect("10.0.0.1");
    receive(third, GET);

    // Then
    assertThat(sent(third))
        .startsWith("HTTP/1.1 503 ")
        .contains("Retry-After: 5", "problems/busy", "Connection: close");
    assertThat(third.<Object>readInbound()).isNull();
    pass(third, 1);
    assertThat(third.isOpen()).isFalse();
    assertThat(limits.total()).isEqualTo(2);
  }

  @Test
  void a_silent_connection_makes_way_for_a_new_one() {
    // Given
    EmbeddedChannel silent = connect("10.0.0.1");
    EmbeddedChannel dripping = connect("10.0.0.1");
    receive(dripping, "GET");

    // When
    EmbeddedChannel third = connect("10.0.0.1");
    receive(third, GET);
    silent.runPendingTasks();

    // Then
    assertThat(silent.isOpen()).isFalse();
    assertThat(dripping.isOpen()).isTrue();
    assertThat(sent(third)).isEmpty();
    assertThat(limits.total()).isEqualTo(2);
  }

  @Test
  void hosts_of_a_network_of_ipv6_share_a_limit() {
    // Given
    receive(connect("2001:db8:1:2::1"), GET);
    receive(connect("2001:db8:1:2::2"), GET);

    // When
    EmbeddedChannel same = connect("2001:db8:1:2:ffff::3");
    EmbeddedChannel other = connect("2001:db8:1:3::1");

    // Then
    assertThat(sent(same)).startsWith("HTTP/1.1 503 ");
    assertThat(sent(other)).isEmpty();
  }

  private EmbeddedChannel connect(String address) {
    var remote = new InetSocketAddress(address, 5_000);
    var connection =
        new EmbeddedChannel() {
          @Override
          protected SocketAddress remoteAddress0() {
            return remote;
          }
        };
    connection.freezeTime();
    connection
        .pipeline()
        .addLast(new ConnectionGuard(limits, config, remote))
        .addLast(new HttpRequestDecoder())
        .addLast(new HttpResponseEncoder());
    connection.pipeline().fireChannelActive();
    return connection;
  }

  private static void receive(EmbeddedChannel connection, String text) {
    connection.writeInbound(Unpooled.copiedBuffer(text, US_ASCII));
  }

  private static void respond(EmbeddedChannel connection) {
    connection.writeOutbound(
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
  }

  private static void pass(EmbeddedChannel connection, long seconds) {
    connection.advanceTimeBy(seconds, TimeUnit.SECONDS);
    connection.runScheduledPendingTasks();
    connection.runPendingTasks();
  }

  private static String sent(EmbeddedChannel connection) {
    var text = new StringBuilder();
    for (ByteBuf bytes = connection.readOutbound();
        bytes != null;
        bytes = connection.readOutbound()) {
      text.append(bytes.toString(US_ASCII));
      bytes.release();
    }
    return text.toString();
  }
}
