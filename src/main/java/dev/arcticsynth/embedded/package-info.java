/// The PostgreSQL that serves when no database is configured. Plain Java; knows nothing else of
/// ours.
///
/// Start reading at [EmbeddedPostgres#join]: [InterProcessLock] lets one process at a time decide,
/// [ServerUsers] lists the other members, [DataFolder] guards the data, [Server] runs what
/// [Binaries] unpacked.
@NullMarked
package dev.arcticsynth.embedded;

import org.jspecify.annotations.NullMarked;
