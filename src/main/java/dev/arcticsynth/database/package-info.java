/// The way to PostgreSQL: its connections, its clock, and what becomes of both when it is away.
@NullMarked
package dev.arcticsynth.database;

import org.jspecify.annotations.NullMarked;
