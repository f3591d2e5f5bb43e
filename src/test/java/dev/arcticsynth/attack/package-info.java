/// Attacks on the packaged service; `docs/security.md` has the figures.
@NullMarked
package dev.arcticsynth.attack;

import org.jspecify.annotations.NullMarked;
