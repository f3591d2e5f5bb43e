package dev.arcticsynth.support;

import org.eclipse.microprofile.context.spi.ContextManagerProvider;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/// Sets Mutiny's context propagation up before any test. It is set up at its first use, and fails
/// there when two classes that run side by side both are the first.
public final class ContextPropagation implements LauncherSessionListener {

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    ContextManagerProvider _ = ContextManagerProvider.instance();
  }
}
