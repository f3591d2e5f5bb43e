package dev.arcticsynth.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;

/// The whole service, with a provider `azure` that identifies itself by Entra ID; its resource is
/// the simulator. The test itself plays Entra ID.
public class FlowEntraProfile extends FlowAzureProfile {

  @Override
  public Map<String, String> getConfigOverrides() {
    String simulator = Integer.toString(freePort());
    Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
    settings.put("arctic.simulator.port", simulator);
    settings.put("arctic.providers.azure.type", "azure-openai");
    settings.put("arctic.providers.azure.endpoint", "http://127.0.0.1:" + simulator);
    settings.put("arctic.providers.azure.entra.authority", "http://127.0.0.1:" + freePort());
    settings.put("arctic.providers.azure.entra.tenant-id", "tenant-1");
    settings.put("arctic.providers.azure.entra.client-id", "client-1");
    settings.put("arctic.providers.azure.entra.client-secret", "s3cret9");
    return settings;
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
