package io.millrace.core.address;

/**
 * A group of a stream.
 *
 * @param streamName any text that UTF-8 can hold; may be empty
 * @param groupId likewise
 */
public record Group(String streamName, String groupId) implements Unit {
    /** Refuses text that UTF-8 cannot hold with {@link MalformedNameException}. */
    public Group {
        Names.check("stream_name", streamName);
        Names.check("group_id", groupId);
    }

    @Override
    public Space space() {
        return Space.STREAM;
    }

    @Override
    public KeyPrefix prefix() {
        return KeyPrefix.ofGroup(streamName, groupId);
    }

    @Override
    public StreamAddress address(String name) {
        return new StreamAddress(streamName, groupId, name);
    }

    /** The record key of this group's ephemeral events: {@code {"stream_name":…,"group_id":…}}. */
    public RecordKey eventKey() {
        return RecordKey.of(this);
    }
}
