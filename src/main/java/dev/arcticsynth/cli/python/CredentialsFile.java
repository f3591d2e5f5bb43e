package dev.arcticsynth.cli.python;

import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.IoErrors;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/// The file in which the Python client keeps how it was made: a YAML mapping, one level deep.
///
/// It is parsed and never constructed: a scalar is the text that stands there (`2024-10-21` is no
/// date), and a tag that would make an object is refused. No message quotes a line of it.
record CredentialsFile(Path path) {
  private static final int MAX_BYTES = 64 * 1024;
  private static final String STANDARD_TAG = "tag:yaml.org,2002:";

  /// The members that say something; without a value where one is no text.
  Map<String, Optional<String>> members() {
    Node root = parsed(text());
    if (!(root instanceof MappingNode mapping)) {
      throw bad("is not a list of `name: value` lines, as in `api_key: sk-…`");
    }
    var members = new LinkedHashMap<String, Optional<String>>();
    for (NodeTuple member : mapping.getValue()) {
      String name = member.getKeyNode() instanceof ScalarNode key ? key.getValue() : "";
      if (!name.matches("\\w{1,100}")) {
        throw bad("has a name in line %d that is none".formatted(line(member.getKeyNode())));
      }
      if (isPlain(name, member.getValueNode())
          && members.put(name, value(member.getValueNode())) != null) {
        throw bad("names %s twice".formatted(name));
      }
    }
    return members;
  }

  /// The texts of a member that is a mapping itself, as `default_headers` is; empty where it is
  /// none.
  Map<String, String> mapping(String member) {
    var texts = new LinkedHashMap<String, String>();
    if (parsed(text()) instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        boolean isIt =
            tuple.getKeyNode() instanceof ScalarNode key && key.getValue().equals(member);
        if (isIt && tuple.getValueNode() instanceof MappingNode inner) {
          inner.getValue().forEach(entry -> add(member, entry, texts));
        }
      }
    }
    return texts;
  }

  private void add(String member, NodeTuple entry, Map<String, String> texts) {
    if (!(entry.getKeyNode() instanceof ScalarNode key)
        || !(entry.getValueNode() instanceof ScalarNode value)
        || !isPlain(member, value)) {
      throw bad("has something in %s that is no text".formatted(member));
    }
    texts.put(key.getValue(), value.getValue());
  }

  /// Whether the file system lets others than the owner read it.
  boolean isOpenToOthers() {
    try {
      Set<PosixFilePermission> may = Files.getPosixFilePermissions(path);
      return may.contains(PosixFilePermission.GROUP_READ)
          || may.contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | UnsupportedOperationException _) {
      return false;
    }
  }

  private String text() {
    if (!Files.exists(path)) {
      throw new Failure.Usage(
          "There is no credentials file %s. Make one with a line `api_key: …`, for Azure also `azure_endpoint` and `api_version`, or name yours with -c."
              .formatted(path));
    }
    try {
      if (Files.isDirectory(path)) {
        throw bad("is a folder");
      }
      if (Files.size(path) > MAX_BYTES) {
        throw bad("is too large for a credentials file");
      }
      return Files.readString(path);
    } catch (CharacterCodingException _) {
      throw bad("is not text in UTF-8");
    } catch (IOException e) {
      throw bad("cannot be read: " + IoErrors.of(e));
    }
  }

  private Node parsed(String text) {
    var options = new LoaderOptions();
    options.setCodePointLimit(MAX_BYTES);
    try {
      Node root = new Yaml(new SafeConstructor(options)).compose(new java.io.StringReader(text));
      if (root == null) {
        throw bad("is empty");
      }
      return root;
    } catch (MarkedYAMLException e) {
      // Its message quotes the line, and the key with it.
      String where =
          e.getProblemMark() == null
              ? ""
              : " (line %d, column %d)"
                  .formatted(e.getProblemMark().getLine() + 1, e.getProblemMark().getColumn() + 1);
      throw bad("is not YAML" + where);
    } catch (YAMLException _) {
      throw bad("is not YAML");
    }
  }

  /// Whether a member says anything; refuses what only a program could read.
  private boolean isPlain(String name, Node value) {
    if (!value.getTag().getValue().startsWith(STANDARD_TAG)
        || value.getTag().getValue().startsWith(STANDARD_TAG + "python")) {
      throw bad(
          "holds an object of another program's as %s (line %d); only texts are read"
              .formatted(name, line(value)));
    }
    return switch (value) {
      case ScalarNode scalar -> !scalar.getTag().equals(Tag.NULL) && !scalar.getValue().isBlank();
      case MappingNode mapping -> !mapping.getValue().isEmpty();
      default -> true;
    };
  }

  private static Optional<String> value(Node node) {
    return node instanceof ScalarNode scalar
        ? Optional.of(scalar.getValue().strip())
        : Optional.empty();
  }

  private static int line(Node node) {
    return node.getStartMark() == null ? 0 : node.getStartMark().getLine() + 1;
  }

  private Failure.Usage bad(String how) {
    return new Failure.Usage("The credentials file %s %s.".formatted(path, how));
  }
}
