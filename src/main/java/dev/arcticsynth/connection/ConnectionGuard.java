package dev.arcticsynth.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.util.ReferenceCountUtil;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Stands first in the pipeline of a caller's connection: counts it, refuses it where there are too
/// many, and closes it where its caller is silent for too long. It sees bytes; [RequestWatch],
/// which stands behind the codec, tells it where requests begin and end.
///
/// All of its state belongs to the event loop of its connection.
final class ConnectionGuard extends ChannelInboundHandlerAdapter implements Peer {

  /// A refused caller has so long to read the answer.
  private static final Duration LINGER = Duration.ofSeconds(1);

  /// A body is judged by its pace once it has had so long.
  private static final long JUDGED_AFTER_NANOS = Duration.ofSeconds(2).toNanos();

  private static final String TLS = "ssl";

  private enum State {
    /// No byte of a request yet.
    SILENT,
    /// A head has begun.
    HEAD,
    /// A request is with the service, or its body is on its way.
    REQUEST,
    /// Refused, or answered for the last time; what comes is thrown away.
    LEAVING
  }

  private final ConnectionLimits limits;
  private final CallerConnectionsConfig config;
  private final String address;
  private @Nullable ChannelHandlerContext context;
  private State state = State.SILENT;
  private boolean watched;
  private int requests;
  // Read by other threads, to find the slowest body.
  private volatile boolean bodyOpen;
  private volatile long bodySince;
  private volatile long bodyBytes;
  private @Nullable ScheduledFuture<?> deadline;

  ConnectionGuard(ConnectionLimits limits, CallerConnectionsConfig config, SocketAddress remote) {
    this.limits = limits;
    this.config = config;
    this.address = shared(remote);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    this.context = context;
    if (limits.admit(this)) {
      closeAfter(config.head());
    } else {
      refuse(RefusalText.BUSY);
    }
    context.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    forgetDeadline();
    limits.closed(this);
    context.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) {
    if (state == State.LEAVING) {
      ReferenceCountUtil.release(bytes);
      return;
    }
    if (bodyOpen && bytes instanceof ByteBuf some) {
      bodyBytes = bodyBytes + some.readableBytes();
    }
    watch(context);
    if (state == State.SILENT && watched) {
      state = State.HEAD;
      closeAfter(config.head());
    } else if (state == State.SILENT && context.pipeline().get(TLS) == null) {
      // Without the codec at its first bytes it is no HTTP/1.1 as we configure it: only counted.
      state = State.REQUEST;
      forgetDeadline();
      limits.busy(this);
    }
    context.fireChannelRead(bytes);
  }

  /// The codec is there once the pipeline is built, which with TLS is after the handshake.
  private void watch(ChannelHandlerContext context) {
    if (watched) {
      return;
    }
    var encoder = context.pipeline().context(HttpResponseEncoder.class);
    if (encoder != null) {
      context.pipeline().addAfter(encoder.name(), "requests", new RequestWatch(this));
      watched = true;
    }
  }

  /// A head is complete.
  void requestBegan() {
    requests++;
    bodySince = System.nanoTime();
    bodyBytes = 0;
    bodyOpen = true;
    if (state != State.LEAVING) {
      state = State.REQUEST;
      forgetDeadline();
      limits.busy(this);
    }
  }

  /// Its body is complete.
  void bodyEnded() {
    bodyOpen = false;
    rest();
  }

  void responseEnded() {
    requests = Math.max(0, requests - 1);
    rest();
  }

  /// Between two requests. The rest of a body that was answered already has no longer than a head.
  private void rest() {
    if (state != State.REQUEST || requests > 0) {
      return;
    }
    if (bodyOpen) {
      closeAfter(config.head());
    } else {
      state = State.SILENT;
      closeAfter(config.idle());
      limits.waits(this);
    }
  }

  @Override
  public String address() {
    return address;
  }

  /// Where we read no more for now, its caller is not to blame.
  @Override
  public double pace() {
    long time = System.nanoTime() - bodySince;
    boolean isJudged =
        bodyOpen
            && time > JUDGED_AFTER_NANOS
            && context != null
            && context.channel().config().isAutoRead();
    return isJudged ? bodyBytes / (time / 1e9) : Double.POSITIVE_INFINITY;
  }

  @Override
  public void makeWay() {
    if (context != null) {
      context.executor().execute(this::close);
    }
  }

  private void closeAfter(Duration time) {
    forgetDeadline();
    if (context != null) {
      deadline = context.executor().schedule(this::expired, time.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void forgetDeadline() {
    if (deadline != null) {
      boolean _ = deadline.cancel(false);
      deadline = null;
    }
  }

  private void expired() {
    if (state == State.HEAD && watched) {
      refuse(RefusalText.TIMEOUT);
    } else {
      close();
    }
  }

  /// Answers past the codec. The connection is closed a moment later: closing it over unread bytes
  /// would take the answer back.
  private void refuse(byte[] text) {
    state = State.LEAVING;
    if (context == null) {
      return;
    }
    forgetDeadline();
    if (context.pipeline().get(TLS) != null) {
      close();
      return;
    }
    var _ =
        context
            .writeAndFlush(Unpooled.wrappedBuffer(text))
            .addListener(
                (ChannelFutureListener)
                    written -> {
                      if (written.channel() instanceof DuplexChannel duplex
                          && written.isSuccess()) {
                        var _ = duplex.shutdownOutput();
                      }
                    });
    closeAfter(LINGER);
  }

  private void close() {
    state = State.LEAVING;
    if (context != null) {
      var _ = context.close();
    }
  }

  /// A host of IPv6 has a whole /64 to itself.
  private static String shared(SocketAddress remote) {
    if (!(remote instanceof InetSocketAddress internet)) {
      return "local";
    }
    byte[] bytes = internet.getAddress().getAddress();
    return internet.getAddress() instanceof Inet6Address
        ? Arrays.toString(Arrays.copyOf(bytes, 8))
        : internet.getAddress().getHostAddress();
  }
}
