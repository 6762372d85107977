package io.millrace.core.address;

/**
 * Which partition a unit lives in: Kafka's murmur2 of the scope's UTF-8 bytes, or of the stream's, a zero byte and the
 * group's. It never changes once a topic holds records, so anybody may compute it.
 */
final class Placement {
    private static final int SEED = 0x9747b28c;
    private static final int M = 0x5bd1e995;
    private static final int R = 24;

    private Placement() {}

    static byte[] bytes(Unit unit) {
        return switch (unit) {
            case Scope scope -> Names.utf8(scope.scope());
            case Group group -> {
                byte[] stream = Names.utf8(group.streamName());
                byte[] id = Names.utf8(group.groupId());
                byte[] joined = new byte[stream.length + 1 + id.length];
                System.arraycopy(stream, 0, joined, 0, stream.length);
                System.arraycopy(id, 0, joined, stream.length + 1, id.length);
                yield joined;
            }
        };
    }

    static int partition(byte[] bytes, int partitions) {
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions: " + partitions + " (expected: at least 1)");
        }
        return (murmur2(bytes) & 0x7fffffff) % partitions;
    }

    /** The 32-bit murmur2 that Kafka's default partitioner uses. */
    static int murmur2(byte[] bytes) {
        int h = SEED ^ bytes.length;
        int words = bytes.length / 4;
        for (int i = 0; i < words; i++) {
            int at = i * 4;
            int k = (bytes[at] & 0xff)
                    | (bytes[at + 1] & 0xff) << 8
                    | (bytes[at + 2] & 0xff) << 16
                    | (bytes[at + 3] & 0xff) << 24;
            k *= M;
            k ^= k >>> R;
            k *= M;
            h *= M;
            h ^= k;
        }
        int tail = words * 4;
        int rest = bytes.length - tail;
        if (rest == 3) {
            h ^= (bytes[tail + 2] & 0xff) << 16;
        }
        if (rest >= 2) {
            h ^= (bytes[tail + 1] & 0xff) << 8;
        }
        if (rest >= 1) {
            h ^= bytes[tail] & 0xff;
            h *= M;
        }
        h ^= h >>> 13;
        h *= M;
        h ^= h >>> 15;
        return h;
    }
}
