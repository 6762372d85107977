package io.millrace.core.address;

/**
 * Where a stream item lives.
 *
 * @param streamName any text that UTF-8 can hold (no lone surrogates), compared exactly; may be empty
 * @param groupId likewise
 * @param itemId likewise
 */
public record StreamAddress(String streamName, String groupId, String itemId) implements Address {
    /** Refuses text that UTF-8 cannot hold with {@link MalformedNameException}. */
    public StreamAddress {
        Names.check("stream_name", streamName);
        Names.check("group_id", groupId);
        Names.check("item_id", itemId);
    }

    @Override
    public Group unit() {
        return new Group(streamName, groupId);
    }

    @Override
    public String name() {
        return itemId;
    }

    @Override
    public RecordKey recordKey() {
        return RecordKey.of(this);
    }
}
