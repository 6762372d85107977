package io.millrace.harness;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Carries a plan of faults out, one at a time, and says what it does. Between faults everything is whole again. */
public final class Nemesis {
    private final Fleet fleet;
    private final BrokerCluster brokers;
    private final Network network;
    private final long startNs = System.nanoTime();

    /** One for these. */
    public Nemesis(Fleet fleet, BrokerCluster brokers, Network network) {
        this.fleet = fleet;
        this.brokers = brokers;
        this.network = network;
    }

    /** Carries it out; everything is whole when this returns. */
    public void run(FaultPlan plan) throws InterruptedException {
        say("seed " + plan.seed() + ", " + plan.steps().size() + " faults");
        for (FaultPlan.Step step : plan.steps()) {
            run(step);
        }
        say("all mended");
    }

    private void run(FaultPlan.Step step) throws InterruptedException {
        say(step.fault() + " for " + step.hold().toMillis() + " ms");
        inflict(step.fault());
        last(step.hold());
        mend(step.fault());
        long mendedNs = System.nanoTime();
        brokers.awaitInSync();
        fleet.awaitReady();
        say("whole again " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - mendedNs) + " ms after mending");
        last(step.calm());
    }

    /** How long a fault takes is part of the plan: there is nothing to wait for. */
    private static void last(Duration duration) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(duration.toMillis());
    }

    private void inflict(Fault fault) {
        switch (fault) {
            case Fault.KillNode kill -> node(kill.node()).kill();
            case Fault.StallNode stall -> node(stall.node()).process().stall();
            case Fault.RestartNode restart ->
                say("exit code " + node(restart.node()).terminate());
            case Fault.CutFromKafka cut -> apart(node(cut.node()).host(), brokerHosts());
            case Fault.CutFromPeers cut -> apart(node(cut.node()).host(), others(cut.node()));
            case Fault.CutFromAll cut -> {
                apart(node(cut.node()).host(), brokerHosts());
                apart(node(cut.node()).host(), others(cut.node()));
            }
            case Fault.Mute mute ->
                others(mute.node())
                        .forEach(other -> network.cut(node(mute.node()).host(), other));
            case Fault.KillBroker kill -> broker(kill.broker()).process().kill();
            case Fault.StallBroker stall -> broker(stall.broker()).process().stall();
            case Fault.RestartBroker restart ->
                say("exit code " + broker(restart.broker()).process().terminate());
        }
    }

    private void mend(Fault fault) {
        switch (fault) {
            case Fault.KillNode kill -> node(kill.node()).restart();
            case Fault.StallNode stall -> node(stall.node()).process().goOn();
            case Fault.RestartNode restart -> node(restart.node()).restart();
            case Fault.CutFromKafka ignored -> network.mend();
            case Fault.CutFromPeers ignored -> network.mend();
            case Fault.CutFromAll ignored -> network.mend();
            case Fault.Mute ignored -> network.mend();
            case Fault.KillBroker kill -> broker(kill.broker()).restart();
            case Fault.StallBroker stall -> broker(stall.broker()).process().goOn();
            case Fault.RestartBroker restart -> broker(restart.broker()).restart();
        }
    }

    private void apart(Host one, List<Host> others) {
        for (Host other : others) {
            network.cut(one, other);
            network.cut(other, one);
        }
    }

    private List<Host> brokerHosts() {
        return java.util.stream.IntStream.range(0, brokers.size())
                .mapToObj(index -> brokers.broker(index).host())
                .toList();
    }

    private List<Host> others(int node) {
        return fleet.nodes().stream()
                .filter(other -> other != node(node))
                .map(NodeProcess::host)
                .toList();
    }

    private NodeProcess node(int index) {
        return fleet.node(index);
    }

    private BrokerProcess broker(int index) {
        return brokers.broker(index);
    }

    private void say(String what) {
        double seconds = (System.nanoTime() - startNs) / 1e9;
        System.out.printf("nemesis %7.1f s  %s%n", seconds, what);
    }
}
