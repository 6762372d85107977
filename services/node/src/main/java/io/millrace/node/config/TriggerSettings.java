package io.millrace.node.config;

import java.time.Duration;

/** The settings of state and stream triggers. */
final class TriggerSettings {
    static final Setting<Duration> TIMEOUT = new Setting<>(
            "triggers.timeout",
            Kinds.span("100ms", "24h"),
            "5m",
            "How long a state or stream trigger's function may take; longer is a failed attempt.");
    static final Setting<Integer> ATTEMPTS = new Setting<>(
            "triggers.attempts",
            Kinds.whole(1, 1_000),
            "5",
            "Calls of a trigger's function before an event that fails goes to the dead letters.");
    static final Setting<Duration> FIRST_WAIT = new Setting<>(
            "triggers.first-wait",
            Kinds.span("1ms", "1h"),
            "1s",
            "About how long after the first failure an event is tried again; doubled after each further one.");
    static final Setting<Duration> LONGEST_WAIT = new Setting<>(
            "triggers.longest-wait",
            Kinds.span("1ms", "24h"),
            "1m",
            "The longest wait before an event is tried again.");
    static final Setting<Integer> CALLS = new Setting<>(
            "triggers.calls",
            Kinds.whole(1, 10_000),
            "64",
            "The most calls of one trigger's function under way for one partition, each of another key.");
    static final Setting<Integer> HELD = new Setting<>(
            "triggers.held",
            Kinds.whole(1, 1_000_000),
            "2000",
            "About the most events of one trigger and partition in memory; further ones stay in Kafka.");
    static final Setting<Long> HELD_BYTES = new Setting<>(
            "triggers.held-bytes",
            Kinds.size("64KiB", "1GiB"),
            "8MiB",
            "About the most bytes of events of one trigger and partition in memory.");

    private TriggerSettings() {}

    static NodeConfig.Triggers of(Values values) {
        return new NodeConfig.Triggers(
                values.get(TIMEOUT),
                values.get(ATTEMPTS),
                values.get(FIRST_WAIT),
                values.get(LONGEST_WAIT),
                values.get(CALLS),
                values.get(HELD),
                values.get(HELD_BYTES));
    }
}
