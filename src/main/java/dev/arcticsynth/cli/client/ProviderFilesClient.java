package dev.arcticsynth.cli.client;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.arcticsynth.api.model.DeletedFileView;
import dev.arcticsynth.api.model.FileView;
import dev.arcticsynth.api.model.Page;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The files that a provider stores, as the service lists them. Every method throws `Failure`.
public record ProviderFilesClient(HttpTransport wire, String provider) {
  private static final TypeReference<Page<FileView>> FILES = new TypeReference<>() {};
  private static final TypeReference<Page<DeletedFileView>> OUTCOMES = new TypeReference<>() {};

  /// The parameters that select files.
  public static Map<String, String> wanted(Optional<Integer> olderThanDays, boolean all) {
    var wanted = new LinkedHashMap<String, String>();
    olderThanDays.ifPresent(days -> wanted.put("older_than_days", String.valueOf(days)));
    wanted.put("owner", all ? "all" : "ours");
    return wanted;
  }

  /// @param wanted parameters that say which files are meant
  public List<FileView> files(Map<String, String> wanted) {
    var files = new ArrayList<FileView>();
    var query = new LinkedHashMap<>(wanted);
    query.put("limit", "1000");
    while (true) {
      Page<FileView> page = wire.get(path(), query, FILES);
      files.addAll(page.data());
      String next = page.next();
      if (!page.hasMore() || next == null) {
        return files;
      }
      query.put("after", next);
    }
  }

  /// Deletes those of these files that are still selected and not needed.
  public List<DeletedFileView> delete(Map<String, String> wanted, List<String> ids) {
    var query = new LinkedHashMap<>(wanted);
    query.put("ids", String.join(",", ids));
    query.put("confirm", "true");
    return wire.delete(path(), query, OUTCOMES).data();
  }

  private String path() {
    String segment = URLEncoder.encode(provider, StandardCharsets.UTF_8).replace("+", "%20");
    return "/v1/providers/" + segment + "/files";
  }
}
