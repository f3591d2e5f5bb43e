package dev.arcticsynth.home;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;

/// Folders and files that only their owner may read: prompts and answers lie in them. Other users
/// of the machine may have put anything where they can write, so nothing of theirs is opened. Where
/// the file system has no permissions, none are set. Blocks.
public final class PrivateFiles {

  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OF_OTHERS =
      EnumSet.complementOf(EnumSet.copyOf(FOLDER));

  private PrivateFiles() {}

  /// Makes the folder and those above it, or closes one of ours that is open to others. Fails when
  /// it belongs to another user.
  public static Path folder(Path folder) throws IOException {
    try {
      Path _ = Files.createDirectories(folder, attributes(folder, FOLDER));
    } catch (FileAlreadyExistsException e) {
      throw new IOException(folder + " is not a folder", e);
    }
    if (hasPermissions(folder)) {
      if (!Files.getOwner(folder).equals(user())) {
        throw new IOException(
            folder + " belongs to " + Files.getOwner(folder).getName() + ", not to this user");
      }
      close(folder, FOLDER);
    }
    return folder;
  }

  /// Makes a folder that must not be there yet.
  public static Path newFolder(Path folder) throws IOException {
    return Files.createDirectory(folder, attributes(folder, FOLDER));
  }

  /// Opens a file, which is ours alone when it is made here. Links are not followed.
  public static FileChannel open(Path file, OpenOption... options) throws IOException {
    Set<OpenOption> all = new java.util.HashSet<>(Set.of(options));
    all.add(LinkOption.NOFOLLOW_LINKS);
    return FileChannel.open(file, all, attributes(file, FILE));
  }

  /// Takes the file's permissions from all others.
  public static void close(Path file) throws IOException {
    if (hasPermissions(file)) {
      close(file, FILE);
    }
  }

  /// Whether it is a folder, and no link to one, that belongs to us, and in which no other user can
  /// have put anything.
  public static boolean isOwnFolder(Path path) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    if (!hasPermissions(path)) {
      return true;
    }
    PosixFileAttributes found =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    return found.owner().equals(user())
        && !found.permissions().contains(PosixFilePermission.GROUP_WRITE)
        && !found.permissions().contains(PosixFilePermission.OTHERS_WRITE);
  }

  private static void close(Path path, Set<PosixFilePermission> permissions) throws IOException {
    if (Files.getPosixFilePermissions(path).stream().anyMatch(OF_OTHERS::contains)) {
      Path _ = Files.setPosixFilePermissions(path, permissions);
    }
  }

  /// Who runs us, as the file system sees it: a container's user may have no name.
  private static UserPrincipal user() throws IOException {
    Path process = Path.of("/proc/self");
    return Files.getOwner(
        Files.exists(process) ? process : Path.of(System.getProperty("user.home")));
  }

  private static boolean hasPermissions(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
    return hasPermissions(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }
}
