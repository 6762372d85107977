package io.millrace.engine.route;

import io.millrace.engine.peer.Peer;

/**
 * That another node serves a partition.
 *
 * @param since the offset of the barrier since which it does: who says the highest owns it
 */
record Claim(Peer peer, long since) {}
