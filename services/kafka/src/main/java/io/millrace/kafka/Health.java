package io.millrace.kafka;

/**
 * How it goes.
 *
 * @param ready whether partitions can be served: the brokers answer and the local copies follow them
 * @param brokerReachable whether a broker answered lately
 * @param description one phrase
 */
public record Health(boolean ready, boolean brokerReachable, String description) {}
