package dev.arcticsynth.api.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The methods of each path, as the resources are annotated: the framework names those of all paths
/// of a class.
@ApplicationScoped
public class AllowedMethods {

  private record Route(Pattern path, String method) {}

  private final List<Route> routes;

  AllowedMethods(BeanManager beans) {
    this.routes =
        beans.getBeans(Object.class, Any.Literal.INSTANCE).stream()
            .<Class<?>>map(bean -> bean.getBeanClass())
            .filter(type -> type.isAnnotationPresent(Path.class))
            .distinct()
            .flatMap(AllowedMethods::routes)
            .toList();
  }

  /// As the header `Allow` has them, `OPTIONS` among them; empty where there is nothing.
  public Optional<String> of(String path) {
    String plain =
        path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    var methods =
        routes.stream()
            .filter(route -> route.path().matcher(plain).matches())
            .map(Route::method)
            .collect(Collectors.toCollection(TreeSet::new));
    if (methods.isEmpty()) {
      return Optional.empty();
    }
    if (methods.contains("GET")) {
      boolean unused = methods.add("HEAD");
    }
    boolean unused = methods.add("OPTIONS");
    return Optional.of(String.join(", ", methods));
  }

  private static Stream<Route> routes(Class<?> resource) {
    String root = resource.getAnnotation(Path.class).value();
    return Arrays.stream(resource.getMethods())
        .flatMap(method ->
            Arrays.stream(method.getAnnotations())
                .map(AllowedMethods::httpMethod)
                .flatMap(Optional::stream)
                .map(name -> new Route(pattern(root, method), name)));
  }

  private static Optional<String> httpMethod(Annotation annotation) {
    return Optional.ofNullable(annotation.annotationType().getAnnotation(HttpMethod.class))
        .map(HttpMethod::value);
  }

  private static Pattern pattern(String root, Method method) {
    @Nullable Path path = method.getAnnotation(Path.class);
    String template = path == null ? root : root + "/" + path.value();
    return Pattern.compile(template.replaceAll("\\{[^}]+}", "[^/]+"));
  }
}
