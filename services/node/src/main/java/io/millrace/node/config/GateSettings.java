package io.millrace.node.config;

import java.time.Duration;
import java.util.Optional;

/** The settings of who may connect to the stream gateway and subscribe, and of what is known of those who have. */
final class GateSettings {
    static final Setting<Optional<String>> AUTH_FUNCTION = new Setting<>(
            "gateway.auth-function",
            Kinds.or("", Kinds.text("the id of a function", "\\S{1,256}")),
            "",
            "Asked before a socket opens; the context it gives goes with every join and leave of that socket.");
    static final Setting<Boolean> AUTH_STRICT = new Setting<>(
            "gateway.auth-strict",
            Kinds.flag(),
            "false",
            "Whether a socket for which the auth function gives no context is refused with 401; else it opens without one.");
    static final Setting<Boolean> JOIN_FAIL_OPEN = new Setting<>(
            "gateway.join-fail-open",
            Kinds.flag(),
            "false",
            "Whether a subscription begins when the function of a stream:join trigger fails, is missing or takes too long; else it is refused.");
    static final Setting<Duration> JOIN_TIMEOUT = new Setting<>(
            "gateway.join-timeout",
            Kinds.span("10ms", "5m"),
            "5s",
            "How long the auth function and the functions of stream:join and stream:leave triggers may take.");
    static final Setting<Duration> JOIN_KEEP = new Setting<>(
            "gateway.join-keep",
            Kinds.span("0s", "30d"),
            "24h",
            "How long a stream:join trigger goes on refusing whose worker has gone and left its function to nobody; 0s: not at all.");
    static final Setting<Boolean> PRESENCE = new Setting<>(
            "gateway.presence",
            Kinds.flag(),
            "true",
            "Whether it is kept who is subscribed: for stream::subscribers, and so that the leaves of those who were there when a node died are told when it is back.");
    static final Setting<Duration> LEAVE_KEEP = new Setting<>(
            "gateway.leave-keep",
            Kinds.span("1s", "30d"),
            "24h",
            "How long such leaves wait for a stream:leave trigger that wants to be told; then they are forgotten.");

    private GateSettings() {}

    static NodeConfig.Gate of(Values values) {
        return new NodeConfig.Gate(
                values.get(AUTH_FUNCTION),
                values.get(AUTH_STRICT),
                values.get(JOIN_FAIL_OPEN),
                values.get(JOIN_TIMEOUT),
                values.get(JOIN_KEEP),
                values.get(PRESENCE),
                values.get(LEAVE_KEEP));
    }
}
