/** Everything Kafka behind one door, {@link io.millrace.kafka.KafkaBackend}, and the broker that a single node brings along. */
@NullMarked
package io.millrace.kafka;

import org.jspecify.annotations.NullMarked;
