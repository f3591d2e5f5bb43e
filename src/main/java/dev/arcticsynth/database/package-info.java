/// The connection to PostgreSQL: its pool, its clock, and how both behave during an outage.
@NullMarked
package dev.arcticsynth.database;

import org.jspecify.annotations.NullMarked;
