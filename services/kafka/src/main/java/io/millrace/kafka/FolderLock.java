package io.millrace.kafka;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps other processes out of a folder; the operating system lets go of it when this one dies. */
final class FolderLock implements AutoCloseable {
    private static final String FILE = ".millrace.lock";

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Creates the folder if absent and locks it.
     *
     * @throws RefusedStartException if it cannot be written or another process has it
     */
    static FolderLock of(Path folder) {
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (locked(channel)) {
                return new FolderLock(channel);
            }
            channel.close();
        } catch (AccessDeniedException e) {
            throw new RefusedStartException(
                    "folder " + folder + " is not writable: give this user the right to write it or name another", e);
        } catch (FileAlreadyExistsException | NotDirectoryException e) {
            throw new RefusedStartException(
                    "folder " + folder + " is not a folder: remove the file or name another", e);
        } catch (IOException e) {
            throw new RefusedStartException(
                    "folder " + folder + " is not usable (" + e.getMessage() + "): repair it or name another", e);
        }
        throw new RefusedStartException(
                "folder " + folder + " is in use by another process: stop that one or name another folder");
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("unlocking a folder", e);
        }
    }
}
