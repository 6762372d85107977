package io.millrace.testkit;

import io.millrace.engine.peer.Peer;
import io.millrace.engine.peer.PeerFailedException;
import io.millrace.engine.peer.PeerLostException;
import io.millrace.testkit.SimulatedNet.Host;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One connection: what is said takes its time and arrives in order, until the connection is cut; then nothing does, and
 * either end notices in its own time. Some questions and answers are lost on the way. Who sleeps hears nothing until it
 * wakes.
 */
final class SimulatedLink {
    private static final long WAY_MICROS = 3_000;
    private static final long NOTICE_MICROS = 60_000;
    private static final int RARELY = 60;

    private final Simulation simulation;
    private final Faults faults;
    private final End one;
    private final End other;
    private final List<Runnable> whenOver = new ArrayList<>();
    private boolean cut;

    SimulatedLink(Simulation simulation, Faults faults, Host one, Host other) {
        this.simulation = simulation;
        this.faults = faults;
        this.one = new End(one, other);
        this.other = new End(other, one);
        this.one.opposite = this.other;
        this.other.opposite = this.one;
    }

    void open() {
        one.join();
        other.join();
    }

    boolean joins(Host host) {
        return one.at.equals(host) || other.at.equals(host);
    }

    /** Whether a node has not noticed that this connection to another, in whatever life of that, is over. */
    boolean isOpenAt(Host host, Host seen) {
        return one.isOpenAt(host, seen) || other.isOpenAt(host, seen);
    }

    /** Does something once both ends have noticed that it is cut. */
    void whenOver(Runnable task) {
        whenOver.add(task);
    }

    void cut() {
        if (!cut) {
            cut = true;
            simulation.soon(NOTICE_MICROS, one::notice);
            simulation.soon(NOTICE_MICROS, other::notice);
        }
    }

    boolean isOver() {
        return one.gone && other.gone;
    }

    private boolean lost() {
        return cut || (!faults.healed() && simulation.oneIn(RARELY));
    }

    /** One side: the other node as it is seen at this one. */
    private final class End implements Peer {
        private final Host at;
        private final Host seen;
        private final Map<Long, CompletableFuture<byte[]>> asked = new LinkedHashMap<>();
        private final Queue<Runnable> arrivals = new ArrayDeque<>();
        private End opposite = this;
        private boolean joined;
        private boolean gone;
        private long questions;
        private long lastArrivalMicros;

        End(Host at, Host seen) {
            this.at = at;
            this.seen = seen;
        }

        boolean isOpenAt(Host host, Host other) {
            return at.equals(host) && seen.name().equals(other.name()) && !gone;
        }

        void join() {
            simulation.soon(
                    WAY_MICROS,
                    () -> at.node().run(() -> {
                        if (!gone) {
                            joined = true;
                            at.peers().joined(this);
                            hear();
                        }
                    }));
        }

        void notice() {
            if (!at.node().isAlive()) {
                over();
                return;
            }
            at.node().run(() -> {
                over();
                if (joined) {
                    at.peers().left(this);
                }
                List<CompletableFuture<byte[]>> all = List.copyOf(asked.values());
                asked.clear();
                all.forEach(answer -> answer.completeExceptionally(lostTo("is gone")));
            });
        }

        private void over() {
            gone = true;
            if (isOver()) {
                whenOver.forEach(Runnable::run);
            }
        }

        /** Something is on its way to this end. */
        private void arrive(Runnable arrival) {
            if (cut) {
                return;
            }
            long wayMicros = 1 + simulation.random().nextLong(WAY_MICROS);
            lastArrivalMicros = Math.max(lastArrivalMicros + 1, simulation.nowMicros() + wayMicros);
            simulation.after(lastArrivalMicros - simulation.nowMicros(), () -> {
                if (!cut) {
                    arrivals.add(arrival);
                    hear();
                }
            });
        }

        private void hear() {
            at.node().run(() -> {
                while (joined && !gone && !arrivals.isEmpty()) {
                    arrivals.remove().run();
                }
            });
        }

        @Override
        public String node() {
            return seen.name();
        }

        @Override
        public long startMs() {
            return seen.startMs();
        }

        @Override
        public boolean isCongested() {
            return false;
        }

        @Override
        public void tell(String kind, byte[] body) {
            byte[] told = faults.has(Faults.Planted.EQUAL_BARRIERS) ? withoutBarriers(body) : body;
            opposite.arrive(() -> seen.peers().told(opposite, kind, told));
        }

        private static byte[] withoutBarriers(byte[] body) {
            String text = new String(body, StandardCharsets.UTF_8);
            return text.replaceAll("\"since\":[0-9]+", "\"since\":0").getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public CompletionStage<byte[]> ask(String kind, byte[] body, Instant deadline) {
            if (gone) {
                return CompletableFuture.failedStage(lostTo("is gone"));
            }
            CompletableFuture<byte[]> answer = new CompletableFuture<>();
            long id = questions++;
            asked.put(id, answer);
            long micros = ChronoUnit.MICROS.between(Instant.EPOCH, deadline) - simulation.nowMicros();
            simulation.after(
                    micros,
                    () -> at.node().run(() -> {
                        if (asked.remove(id) != null) {
                            answer.completeExceptionally(lostTo("brought no answer"));
                        }
                    }));
            if (!lost()) {
                opposite.arrive(() -> seen.peers()
                        .asked(opposite, kind, body, deadline)
                        .whenComplete((said, failure) -> answered(id, said, failure)));
            }
            return answer;
        }

        private void answered(long id, byte @Nullable [] said, @Nullable Throwable failure) {
            if (lost()) {
                return;
            }
            arrive(() -> {
                CompletableFuture<byte[]> answer = asked.remove(id);
                if (answer != null && said != null) {
                    answer.complete(said);
                } else if (answer != null) {
                    answer.completeExceptionally(new PeerFailedException(String.valueOf(failure)));
                }
            });
        }

        private PeerLostException lostTo(String what) {
            return new PeerLostException("connection to node " + seen.name() + " " + what);
        }
    }
}
