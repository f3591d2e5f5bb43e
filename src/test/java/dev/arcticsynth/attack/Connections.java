package dev.arcticsynth.attack;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/// Many connections of one attacker, who never reads.
final class Connections implements AutoCloseable {

  private final List<SocketChannel> open = new ArrayList<>();

  /// @param address of the attacker, in 127.0.0.0/8
  Connections(String address, int port, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      try {
        SocketChannel connection = SocketChannel.open();
        open.add(connection);
        connection.bind(new InetSocketAddress(address, 0));
        boolean _ = connection.connect(new InetSocketAddress("127.0.0.1", port));
        var _ = connection.configureBlocking(false);
      } catch (IOException refused) {
        // The service closed it already.
      }
    }
  }

  /// Each sends some bytes, unless it is closed.
  void send(String text) {
    for (SocketChannel connection : open) {
      try {
        int _ = connection.write(ByteBuffer.wrap(text.getBytes(US_ASCII)));
      } catch (IOException closed) {
        // So much the better.
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel connection : open) {
      connection.close();
    }
  }
}
