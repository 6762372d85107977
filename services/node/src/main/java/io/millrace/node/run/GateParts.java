package io.millrace.node.run;

import io.millrace.engine.gate.Gate;
import io.millrace.engine.gate.GateConfig;
import io.millrace.engine.gate.Gatekeeper;
import io.millrace.engine.trigger.Triggers;
import io.millrace.node.config.NodeConfig;
import io.millrace.node.observe.GateMeters;
import java.time.InstantSource;

/** Who may connect to the stream port, and subscribe to what. */
final class GateParts {
    private GateParts() {}

    /** A gate over the functions there are, guarded by the triggers there will be. */
    static Gate gate(NodeConfig config, Spine spine, Triggers triggers, GateMeters meters) {
        NodeConfig.Gate gate = config.gateway().gate();
        Gatekeeper gatekeeper = new Gatekeeper(
                new GateConfig(
                        gate.authFunction().orElse(null),
                        gate.authStrict(),
                        gate.joinFailOpen(),
                        gate.joinTimeout(),
                        gate.joinKeep()),
                spine.functions(),
                InstantSource.system(),
                spine.scheduler(),
                meters);
        gatekeeper.types().forEach(triggers::provide);
        return gatekeeper;
    }
}
