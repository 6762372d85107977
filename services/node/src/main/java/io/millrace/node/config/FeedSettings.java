package io.millrace.node.config;

/** The settings of what stream subscriptions are fed from. */
final class FeedSettings {
    static final Setting<Long> WINDOW = new Setting<>(
            "feed.window-bytes",
            Kinds.size("1MiB", "64GiB"),
            "64MiB",
            "About how much of what subscribers were told last this node keeps at hand, for those who come back or do not keep up; an equal part for each stream partition.");
    static final Setting<Integer> REPLAY = new Setting<>(
            "feed.replay-records",
            Kinds.whole(0, 100_000_000),
            "50000",
            "The most records of a partition's topic that are read again for a subscriber that comes back; who lacks more gets a reset and a new snapshot.");

    private FeedSettings() {}

    static NodeConfig.Feed of(Values values) {
        return new NodeConfig.Feed(values.get(WINDOW), values.get(REPLAY));
    }
}
