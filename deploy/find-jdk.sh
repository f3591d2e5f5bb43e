# Sourced by mvnw and arctic-synth: one place that knows where JDKs live.

# find_jdk N: prints the home of a JDK of release N or newer; fails when there is none.
find_jdk() {
  for home in "${JAVA_HOME:-}" "$(jdk_on_path)" \
    /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*; do
    [ -n "$home" ] && [ -x "$home/bin/javac" ] || continue
    # Every JDK since 9 says its release in this file; asking the file is much faster than starting a JVM.
    release=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release" 2>/dev/null)
    [ -n "$release" ] && [ "$release" -ge "$1" ] || continue
    printf '%s\n' "$home"
    return 0
  done
  return 1
}

jdk_on_path() {
  java=$(command -v java) || return 0
  java=$(readlink -f "$java") || return 0
  dirname "$(dirname "$java")"
}
