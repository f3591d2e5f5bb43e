import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Says whether rendered Kubernetes objects keep our promises: every pod is 'restricted' (Pod
/// Security Standards) and a little more, every container has probes (on a port of their own)
/// and a memory limit equal to its request, and what one object names in another exists.
class CheckManifests {

  private static final Set<String> WORKLOADS =
      Set.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod");
  private static final Set<String> VOLUME_TYPES =
      Set.of("configMap", "secret", "emptyDir", "persistentVolumeClaim", "projected");
  private static final List<String> PROBES =
      List.of("startupProbe", "livenessProbe", "readinessProbe");

  /// Made by people or by an overlay, so that a rendering may lack it.
  private static final Set<String> MADE_ELSEWHERE = Set.of("Secret/arctic-synth-database");

  private final List<JsonNode> objects;
  private final Set<String> known = new HashSet<>();
  private final List<String> wrong = new ArrayList<>();
  private int containers;

  CheckManifests(List<JsonNode> objects) {
    this.objects = objects;
    objects.forEach(object -> known.add(kind(object) + "/" + name(object)));
  }

  public static void main(String... args) throws IOException {
    boolean fine = true;
    for (String file : args) {
      var yaml = new YAMLMapper().readerFor(JsonNode.class);
      try (var documents = yaml.<JsonNode>readValues(Path.of(file).toFile())) {
        fine &= new CheckManifests(documents.readAll()).check(file);
      }
    }
    System.exit(fine && args.length > 0 ? 0 : 1);
  }

  private boolean check(String file) {
    for (JsonNode object : objects) {
      String where = kind(object) + "/" + name(object);
      switch (kind(object)) {
        case String kind when WORKLOADS.contains(kind) -> checkPod(where, podOf(object));
        case "Service" -> checkSelects(where, object.at("/spec/selector"));
        case "PodDisruptionBudget" -> checkSelects(where, object.at("/spec/selector/matchLabels"));
        default -> {}
      }
    }
    expect(containers > 0, "no container in " + file);
    wrong.forEach(what -> System.err.println(what));
    System.out.printf(
        "%s: %d objects, %d containers, %d wrong%n",
        Path.of(file).getFileName(), objects.size(), containers, wrong.size());
    return wrong.isEmpty();
  }

  private void checkPod(String where, JsonNode template) {
    JsonNode pod = template.path("spec");
    for (String shared : List.of("hostNetwork", "hostPID", "hostIPC")) {
      expect(!pod.path(shared).asBoolean(), where + " uses " + shared);
    }
    expect(isFalse(pod.path("automountServiceAccountToken")), where + " mounts an account token");
    if (pod.has("serviceAccountName")) {
      expectKnown(where, "ServiceAccount/" + pod.path("serviceAccountName").asText());
    }
    Set<String> volumes = new HashSet<>();
    for (JsonNode volume : pod.path("volumes")) {
      volumes.add(name(volume, "/name"));
      checkVolume(where + " volume " + name(volume, "/name"), volume);
    }
    for (String list : List.of("initContainers", "containers")) {
      for (JsonNode container : pod.path(list)) {
        containers++;
        String what = where + " container " + name(container, "/name");
        checkSecurity(what, pod.path("securityContext"), container.path("securityContext"));
        checkResources(what, container.path("resources"));
        checkReferences(what, container);
        for (JsonNode mount : container.path("volumeMounts")) {
          String volume = name(mount, "/name");
          expect(
              volumes.contains(volume) || claims(where).contains(volume),
              what + " mounts the volume " + volume + ", which does not exist");
        }
        if (list.equals("containers")) {
          PROBES.forEach(probe -> checkProbe(what, container, probe));
        }
      }
    }
  }

  private void checkVolume(String where, JsonNode volume) {
    for (Map.Entry<String, JsonNode> member : volume.properties()) {
      String type = member.getKey();
      expect(type.equals("name") || VOLUME_TYPES.contains(type), where + " is a " + type);
    }
    if (volume.has("emptyDir")) {
      expect(volume.at("/emptyDir").has("sizeLimit"), where + " has no sizeLimit");
    }
  }

  private void checkSecurity(String where, JsonNode pod, JsonNode own) {
    expect(!own.path("privileged").asBoolean(), where + " is privileged");
    expect(isFalse(own.path("allowPrivilegeEscalation")), where + " may escalate privileges");
    expect(own.path("readOnlyRootFilesystem").asBoolean(), where + " can write its root");
    expect(either(own, pod, "runAsNonRoot").asBoolean(), where + " may run as root");
    expect(either(own, pod, "runAsUser").asLong(1) != 0, where + " runs as user 0");
    String seccomp = either(own, pod, "seccompProfile").path("type").asText();
    expect(seccomp.equals("RuntimeDefault"), where + " has the seccomp profile '" + seccomp + "'");
    JsonNode dropped = own.at("/capabilities/drop");
    expect(
        dropped.size() == 1 && dropped.path(0).asText().equals("ALL"),
        where + " keeps capabilities");
    expect(own.at("/capabilities/add").isEmpty(), where + " adds capabilities");
  }

  private void checkResources(String where, JsonNode resources) {
    String limit = resources.at("/limits/memory").asText();
    String request = resources.at("/requests/memory").asText();
    expect(!limit.isEmpty(), where + " has no memory limit");
    expect(limit.equals(request), where + " has a memory limit other than its request");
    expect(resources.at("/requests").has("cpu"), where + " requests no cpu");
  }

  private void checkProbe(String where, JsonNode container, String probe) {
    JsonNode settings = container.path(probe);
    expect(!settings.isMissingNode(), where + " has no " + probe);
    JsonNode port = settings.at("/httpGet/port");
    if (port.isTextual()) {
      boolean named = false;
      for (JsonNode candidate : container.path("ports")) {
        named |= candidate.path("name").equals(port);
      }
      expect(named, where + " has a " + probe + " on a port that it does not name");
      expect(
          !isPublished(port),
          where + " has a " + probe + " on a port that callers can fill with connections");
    }
  }

  /// Whether a Service sends callers to a port of that name.
  private boolean isPublished(JsonNode port) {
    for (JsonNode object : objects) {
      for (JsonNode published : object.at("/spec/ports")) {
        if (kind(object).equals("Service") && published.path("targetPort").equals(port)) {
          return true;
        }
      }
    }
    return false;
  }

  private void checkReferences(String where, JsonNode container) {
    for (JsonNode source : container.path("envFrom")) {
      checkReference(where, "ConfigMap", source.path("configMapRef"));
      checkReference(where, "Secret", source.path("secretRef"));
    }
    for (JsonNode variable : container.path("env")) {
      checkReference(where, "ConfigMap", variable.at("/valueFrom/configMapKeyRef"));
      checkReference(where, "Secret", variable.at("/valueFrom/secretKeyRef"));
    }
  }

  private void checkReference(String where, String kind, JsonNode reference) {
    if (reference.isObject() && !reference.path("optional").asBoolean()) {
      expectKnown(where, kind + "/" + name(reference, "/name"));
    }
  }

  private void checkSelects(String where, JsonNode selector) {
    boolean found = false;
    for (JsonNode object : objects) {
      JsonNode labels = podOf(object).at("/metadata/labels");
      boolean all = WORKLOADS.contains(kind(object)) && !selector.isEmpty();
      for (Map.Entry<String, JsonNode> wanted : selector.properties()) {
        all &= wanted.getValue().equals(labels.path(wanted.getKey()));
      }
      found |= all;
    }
    expect(found, where + " selects no pod");
  }

  private Set<String> claims(String where) {
    Set<String> names = new HashSet<>();
    for (JsonNode object : objects) {
      if (where.equals(kind(object) + "/" + name(object))) {
        object
            .at("/spec/volumeClaimTemplates")
            .forEach(claim -> names.add(name(claim, "/metadata/name")));
      }
    }
    return names;
  }

  private void expectKnown(String where, String reference) {
    expect(
        known.contains(reference) || MADE_ELSEWHERE.contains(reference),
        where + " needs " + reference + ", which does not exist");
  }

  private void expect(boolean holds, String otherwise) {
    if (!holds) {
      wrong.add(otherwise);
    }
  }

  private static JsonNode podOf(JsonNode object) {
    return switch (kind(object)) {
      case "Pod" -> object;
      case "CronJob" -> object.at("/spec/jobTemplate/spec/template");
      default -> object.at("/spec/template");
    };
  }

  private static JsonNode either(JsonNode own, JsonNode pod, String member) {
    return own.has(member) ? own.path(member) : pod.path(member);
  }

  private static boolean isFalse(JsonNode value) {
    return value.isBoolean() && !value.asBoolean();
  }

  private static String kind(JsonNode object) {
    return object.path("kind").asText();
  }

  private static String name(JsonNode object) {
    return name(object, "/metadata/name");
  }

  private static String name(JsonNode object, String pointer) {
    return object.at(pointer).asText();
  }
}
