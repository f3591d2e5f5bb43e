package dev.arcticsynth.provider.openai;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;

/// What a class tells the log from here on.
final class Told extends Handler {

  private final List<String> sentences = new CopyOnWriteArrayList<>();
  private final Logger logger;

  Told(Class<?> whoever) {
    this.logger = Logger.getLogger(whoever.getName());
    logger.addHandler(this);
  }

  List<String> sentences() {
    return List.copyOf(sentences);
  }

  @Override
  public void publish(LogRecord told) {
    sentences.add(told instanceof ExtLogRecord ext ? ext.getFormattedMessage() : told.getMessage());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
