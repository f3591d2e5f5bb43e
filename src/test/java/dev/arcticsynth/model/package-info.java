/// The submit protocol as a model small enough to search all of it.
@NullMarked
package dev.arcticsynth.model;

import org.jspecify.annotations.NullMarked;
