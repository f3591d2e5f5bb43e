/// The proof under kill -9: real processes, real signals, an independent witness.
///
/// - [Lab] is the laboratory: a private PostgreSQL, the simulator as a process of its own, replicas
///   of the service as it is packaged, and proxies on the wires between them.
/// - [Scenario] is what callers do in it; [Point] names every place at which a process can be
///   struck, with the scenario that gets there; [Round] is one scenario with one strike or two, and
///   [Campaign] says which are in it.
/// - [Evidence] is all that can be known afterwards, read from the database, the provider's ledger,
///   the API and the logs; [Oracle] judges it and finds [Violation]s. Neither knows what was
///   struck.
/// - `CrashLabIT` is the short tier: every point, killed or stopped. `ChaosIT` is the long one.
///   `SabotageIT` takes a safeguard away and demands that the oracle sees it. `OracleTest` doctors
///   evidence.
///
/// Start reading at [Round#run].
@NullMarked
package dev.arcticsynth.lab;

import org.jspecify.annotations.NullMarked;
