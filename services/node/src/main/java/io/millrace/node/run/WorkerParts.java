package io.millrace.node.run;

import io.millrace.engine.worker.WorkerLimits;
import io.millrace.node.config.NodeConfig;
import io.millrace.node.observe.Meters;
import io.millrace.web.listen.Bind;
import io.millrace.web.socket.MessageSocketConfig;
import io.millrace.web.telemetry.Telemetry;
import io.millrace.web.worker.WorkerServer;
import io.millrace.web.worker.WorkerServerConfig;

/** The worker port, as configured. */
final class WorkerParts {
    /** A value comes wrapped: message, payload, ops, the op. */
    private static final int WRAPPING_DEPTH = 5;
    /** Silent intervals before a worker is taken for dead. */
    private static final int MISSED_PINGS = 2;

    private WorkerParts() {}

    static WorkerServer open(NodeConfig config, Programs programs, Telemetry telemetry, Meters meters) {
        NodeConfig.Workers workers = config.workers();
        MessageSocketConfig usual = MessageSocketConfig.defaults();
        MessageSocketConfig sockets = new MessageSocketConfig(
                workers.maxMessageBytes(),
                workers.socketQueueBytes(),
                workers.maxSockets(),
                workers.pingInterval(),
                MISSED_PINGS,
                workers.pingInterval().multipliedBy(MISSED_PINGS),
                usual.closeTimeout());
        WorkerServerConfig server = new WorkerServerConfig(
                new Bind(workers.host(), workers.port(), "workers.port"),
                Runtime.getRuntime().availableProcessors(),
                config.limits().depth() + WRAPPING_DEPTH,
                sockets);
        meters.workers().watch(programs.workers());
        programs.workers().listen(meters.workers());
        return WorkerServer.open(server, programs.workers(), programs.channelFinder(), telemetry, meters.workers());
    }

    static WorkerLimits limits(NodeConfig config) {
        WorkerLimits usual = WorkerLimits.defaults();
        return new WorkerLimits(usual.functions(), usual.triggers(), usual.callsInFlight(), config.callDeadline());
    }
}
