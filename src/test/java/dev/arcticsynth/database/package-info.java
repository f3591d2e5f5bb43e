/// Tests of the way to PostgreSQL.
@NullMarked
package dev.arcticsynth.database;

import org.jspecify.annotations.NullMarked;
