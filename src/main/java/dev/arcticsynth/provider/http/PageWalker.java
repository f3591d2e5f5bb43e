package dev.arcticsynth.provider.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Walks through a paged list. Newest first is the usual order but not guaranteed, so a page ends
/// the walk only when all of it is too old and it is not in ascending order. A repeated cursor ends
/// it too, so that no list loops for ever. Serves one walk.
public final class PageWalker {

  /// The provider counts whole seconds, by a clock that is not ours.
  private static final Duration SLACK = Duration.ofMinutes(1);

  private final int pageSize;
  private final boolean isBare;
  private final Optional<Instant> oldest;
  private final Set<String> cursors = new HashSet<>();
  private @Nullable String after;

  /// @param since older entries are skipped
  /// @param isBare lists come with nothing around them
  public PageWalker(int pageSize, Optional<Instant> since, boolean isBare) {
    this.isBare = isBare;
    this.pageSize = pageSize;
    this.oldest = since.map(at -> at.minus(SLACK));
  }

  /// A walk that begins behind an entry.
  public PageWalker(int pageSize, String after, boolean isBare) {
    this(pageSize, Optional.empty(), isBare);
    this.after = after;
    boolean _ = cursors.add(after);
  }

  /// @param entries those with an id, each once
  /// @param hasNext there is another page, behind the new [#after]
  public record Page(List<WireEntry> entries, boolean hasNext) {}

  /// The cursor of the page to ask for; null for the first one.
  @Nullable
  public String after() {
    return after;
  }

  public Page look(HttpCall httpCall, HttpReply httpReply) {
    JsonNode data = entries(httpReply.json());
    if (!data.isArray()) {
      // An empty list would say that nothing exists.
      throw httpCall.garbled(httpReply, "the answer is no list");
    }
    List<WireEntry> shown = data.valueStream().map(WireEntry::new).toList();
    Optional<String> next = next(httpReply.json(), shown);
    next.ifPresent(cursor -> after = cursor);
    return new Page(distinct(shown), next.isPresent());
  }

  /// A bare list is accepted only from vendors that send such: an empty one means that nothing
  /// exists. Azure has documented another name for it.
  private JsonNode entries(JsonNode list) {
    if (isBare && list.isArray()) {
      return list;
    }
    return list.path("data").isArray() ? list.path("data") : list.path("value");
  }

  private static List<WireEntry> distinct(List<WireEntry> shown) {
    Map<String, WireEntry> byId = new LinkedHashMap<>();
    shown.stream()
        .filter(entry -> !entry.id().isBlank())
        .forEach(entry -> byId.putIfAbsent(entry.id(), entry));
    return List.copyOf(byId.values());
  }

  private Optional<String> next(JsonNode list, List<WireEntry> page) {
    boolean hasMore = list.path("has_more").asBoolean(page.size() >= pageSize);
    if (page.isEmpty() || !hasMore || isTooOld(page)) {
      return Optional.empty();
    }
    return Stream.of(list.path("last_id").asText(""), page.getLast().id())
        .filter(cursor -> !cursor.isBlank())
        .filter(cursors::add)
        .findFirst();
  }

  private boolean isTooOld(List<WireEntry> page) {
    return oldest.isPresent()
        && !isOldestFirst(page)
        && page.stream()
            .allMatch(
                entry -> entry.createdAt().map(at -> at.isBefore(oldest.get())).orElse(false));
  }

  private static boolean isOldestFirst(List<WireEntry> page) {
    Optional<Instant> first = page.getFirst().createdAt();
    Optional<Instant> last = page.getLast().createdAt();
    return first.isPresent() && last.isPresent() && first.get().isBefore(last.get());
  }
}
