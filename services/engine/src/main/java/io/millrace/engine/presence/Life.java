package io.millrace.engine.presence;

/**
 * One of a node's lives.
 *
 * @param startMs when it began, in milliseconds since 1970
 */
record Life(String node, long startMs) {
    static Life of(EntryKey key) {
        return new Life(key.node(), key.startMs());
    }

    EntryKey startKey() {
        return EntryKey.ofStart(node, startMs);
    }
}
