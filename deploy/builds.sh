# Sourced by arctic-synth and build-app, with $root set: which build is there, and whether it is the sources'.
#
# A build is a folder of its own below target/arctic-synth and never changes, so that a process that runs from it is
# not disturbed by the next one. The file `current` names the one to start.

builds="$root/target/arctic-synth"
# What ./mvnw leaves: here is the program, there is when the build began to read the sources.
packaged="$root/target/quarkus-app"
packaged_begun="$root/target/begun/pom.xml"

# Sets $build to the current build; to nothing where there is none.
find_build() {
  build=
  [ -f "$builds/current" ] || return 0
  read -r build <"$builds/current" || true
  build="$builds/$build"
  [ -f "$build/arctic-synth.jar" ] || build=
}

# True when $build has the program that the sources say, and ./mvnw has not packaged a newer one.
is_current() {
  [ -n "$build" ] && ! is_changed_since "$build/begun" && ! { is_newly_packaged && is_packaged_current; }
}

is_newly_packaged() { is_packaged_after "$build/quarkus-app-dependencies.txt"; }

# The list of dependencies is what the packaging writes last.
is_packaged_after() {
  [ -n "$(find "$packaged/quarkus-app-dependencies.txt" -newer "$1" 2>/dev/null)" ]
}

# True when what ./mvnw packaged is whole, and the sources have not changed since that build began.
is_packaged_current() {
  is_packaged_after "$packaged_begun" && [ -f "$packaged/quarkus-run.jar" ] && ! is_changed_since "$packaged_begun"
}

# By the time of the last change of the file or folder (ctime): an archive that is unpacked over the sources brings
# times of its own, and what was removed or renamed shows in its folder. Not every `find` knows it.
is_changed_since() {
  [ -d "$root/src/main" ] || return 1
  changed=$(find "$root/src/main" "$root/pom.xml" -cnewer "$1" 2>/dev/null) ||
    changed=$(find "$root/src/main" "$root/pom.xml" -newer "$1" 2>/dev/null) || return 0
  [ -n "$changed" ]
}
