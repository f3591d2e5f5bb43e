package dev.arcticsynth.pipeline.lines;

import dev.arcticsynth.task.Partition;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// Our names for the requests of all partitions of a task.
public final class TaskWireIds implements RequestIds {

  private static final int ORDINAL = 8;

  private final Map<Integer, WireId> byOrdinal = new HashMap<>();

  public TaskWireIds(List<Partition> partitions) {
    for (Partition partition : partitions) {
      byOrdinal.put(partition.ordinal(), new WireId(partition.id(), partition.ordinal()));
    }
  }

  @Override
  public OptionalLong read(String id) {
    if (id.length() != WireId.LENGTH) {
      return OptionalLong.empty();
    }
    try {
      WireId names = byOrdinal.get(HexFormat.fromHexDigits(id, 0, ORDINAL));
      return names == null ? OptionalLong.empty() : names.read(id);
    } catch (IllegalArgumentException notHex) {
      return OptionalLong.empty();
    }
  }
}
