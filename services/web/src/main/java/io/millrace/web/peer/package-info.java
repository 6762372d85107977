/** The connections between nodes: one multiplexed WebSocket for each pair, which carries questions, answers and notices. */
@NullMarked
package io.millrace.web.peer;

import org.jspecify.annotations.NullMarked;
