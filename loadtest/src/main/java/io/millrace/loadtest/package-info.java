/** Load on one process or cluster, measured from the intended send time, beside the bare Kafka clients that are the floor. */
@NullMarked
package io.millrace.loadtest;

import org.jspecify.annotations.NullMarked;
