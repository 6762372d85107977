package io.millrace.node.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The folder a node keeps its files in, held so that no other node uses it at the same time.
 *
 * <pre>
 * lock      held while a node runs, names its process
 * node-id   the node's name, unless the configuration gives one
 * </pre>
 */
final class DataFolder implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;

    private DataFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Makes the folder if need be and takes it.
     *
     * @throws StartException if it cannot be made or written to, or another node has it
     */
    static DataFolder open(Path path) {
        Path lockFile = path.resolve("lock");
        try {
            Files.createDirectories(path);
            FileChannel channel = FileChannel.open(
                    lockFile, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (lock(channel) == null) {
                channel.close();
                String holder = Files.readString(lockFile).strip();
                throw new StartException("the data folder " + path + " is in use by another millrace"
                        + (holder.isEmpty() ? "" : " (process " + holder + ")")
                        + ": stop that one, or name another folder with --data.");
            }
            byte[] process = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8);
            channel.truncate(0).write(ByteBuffer.wrap(process), 0);
            return new DataFolder(path, channel);
        } catch (IOException e) {
            throw new StartException("the data folder " + path + " cannot be used ("
                    + e.getClass().getSimpleName() + ": " + e.getMessage()
                    + "): name another one with --data, or make it writable.");
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** A folder inside it, which need not exist yet. */
    Path resolve(String name) {
        return path.resolve(name);
    }

    /** The node's name: the configured one, else the one kept here, else a fresh one, which is kept. */
    String nodeId(Optional<String> configured, Supplier<String> fresh) {
        if (configured.isPresent()) {
            return configured.get();
        }
        Path file = path.resolve("node-id");
        try {
            if (Files.exists(file)) {
                return Files.readString(file).strip();
            }
            String id = fresh.get();
            Path draft = path.resolve("node-id.new");
            Files.writeString(draft, id + "\n");
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            return id;
        } catch (IOException e) {
            throw new StartException("the node's name cannot be kept in " + file + " (" + e.getMessage() + ").");
        }
    }

    /** Lets the folder go. The lock file stays: deleting it could take another node's. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
