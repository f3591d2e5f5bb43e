package dev.arcticsynth.pipeline;

import java.util.HashMap;
import java.util.Map;

/// The whole service, with a simulator that plays Azure.
public class FlowAzureProfile extends FlowProfile {

  @Override
  public Map<String, String> getConfigOverrides() {
    Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
    settings.put("arctic.simulator.dialect", "azure");
    settings.put("arctic.simulator.processing", "5s");
    settings.put("arctic.providers.simulator.pools.\"pooled\"", "deployment-a,deployment-b");
    return settings;
  }
}
