/// The flags, folders and credentials of the Python client.
@NullMarked
package dev.arcticsynth.cli.python;

import org.jspecify.annotations.NullMarked;
