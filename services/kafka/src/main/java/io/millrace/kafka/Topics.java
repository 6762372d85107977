package io.millrace.kafka;

import io.millrace.core.address.Space;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/**
 * The topics as they are in the cluster.
 *
 * @param partitions of each change topic; the events' topic has as many as the stream changes'
 * @param ids of the change topics
 * @param eventsId of the events' topic, which may be lost without harm to what is stored
 */
record Topics(Names names, Map<Space, Integer> partitions, Map<String, Uuid> ids, Uuid eventsId) {
    private static final int EPOCH_LENGTH = 8;

    Topics {
        partitions = new EnumMap<>(partitions);
        ids = Map.copyOf(ids);
    }

    int partitions(Space space) {
        Integer count = partitions.get(space);
        if (count == null) {
            throw new IllegalStateException("partitions of " + space + ": unknown");
        }
        return count;
    }

    /** Of which stream topics offsets speak: eight letters and digits, others for topics of the same name made anew. */
    String epoch(String clusterId) {
        Uuid changesId = ids.getOrDefault(names.changes(Space.STREAM), Uuid.ZERO_UUID);
        String all = clusterId + ' ' + changesId + ' ' + eventsId;
        String digits = new BigInteger(1, sha256(all)).toString(Character.MAX_RADIX);
        return "0".repeat(EPOCH_LENGTH).concat(digits).substring(digits.length());
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(RecordCodec.utf8(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: missing (expected: in every Java)", e);
        }
    }
}
