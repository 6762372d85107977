package io.millrace.engine.route;

import io.millrace.engine.peer.Peers;
import io.millrace.engine.port.MicroClock;
import io.millrace.engine.port.Replicas;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.write.Owners;
import java.util.concurrent.Executor;

/**
 * What routing takes.
 *
 * @param peers the other nodes
 * @param owners the partitions of this node
 * @param replicas the copies of this node
 * @param executor walks through snapshots, which may take long and block; a virtual thread for each will do
 * @param scheduler runs what is to be done later
 * @param clock the wall clock
 * @param waiting how whoever walks through a snapshot of another node waits
 * @param config the bounds
 * @param events gets told what happens
 */
public record Means(
        Peers peers,
        Owners owners,
        Replicas replicas,
        Executor executor,
        Scheduler scheduler,
        MicroClock clock,
        Waiting waiting,
        RoutingConfig config,
        RouteEvents events) {}
