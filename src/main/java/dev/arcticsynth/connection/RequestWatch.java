package dev.arcticsynth.connection;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;

/// Stands behind the HTTP codec and tells the guard where requests, bodies and responses end.
final class RequestWatch extends ChannelDuplexHandler {

  private final ConnectionGuard guard;

  RequestWatch(ConnectionGuard guard) {
    this.guard = guard;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest) {
      guard.requestBegan();
    }
    boolean last = message instanceof LastHttpContent;
    context.fireChannelRead(message);
    if (last) {
      guard.bodyEnded();
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    // "Continue" is whole in itself, and not the response.
    boolean interim =
        message instanceof HttpResponse response
            && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    boolean last = message instanceof LastHttpContent && !interim;
    var _ = context.write(message, promise);
    if (last) {
      guard.responseEnded();
    }
  }
}
