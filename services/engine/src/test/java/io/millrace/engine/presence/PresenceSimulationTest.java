package io.millrace.engine.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import io.millrace.engine.gate.Visit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sockets come and go, workers and Kafka too, and the node dies again and again: whoever was there when it died, and had been
 * for a moment while Kafka was, has its leave told; and nobody has who is still there.
 */
class PresenceSimulationTest {
    private static final int STEPS = 400;

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("seeds", 20));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whoeverWasThereWhenTheNodeDiedLeavesAndNobodyElse(long seed) {
        Chaos chaos = new Chaos(seed);
        for (int i = 0; i < STEPS; i++) {
            chaos.step();
            chaos.check();
        }
        chaos.calm();
        chaos.check();
        assertThat(chaos.missing()).isEmpty();
        assertThat(chaos.house.log.kept()).as("what the log still has").hasSize(chaos.living.size());
    }

    private static final class Chaos {
        private final SplittableRandom random;
        private final House house;
        private final SequencedMap<String, Visit> living = new LinkedHashMap<>();
        /** Whose leaves must be told in the end. */
        private final Map<String, String> dead = new LinkedHashMap<>();

        private int seen;
        private int joins;
        private boolean bound;

        Chaos(long seed) {
            this.random = new SplittableRandom(seed);
            this.house = new House(random::nextBoolean);
        }

        void step() {
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3, 4, 5 -> join();
                case 6, 7 -> leave();
                case 8 -> closeSocket();
                case 9 -> house.log.away = random.nextInt(3) == 0;
                case 10 -> bind();
                case 11 -> {
                    house.workerGone("f");
                    bound = false;
                }
                case 12 -> {
                    if (!house.failing.remove("f")) {
                        house.failing.add("f");
                    }
                }
                case 13 -> {
                    if (random.nextInt(4) == 0) {
                        die();
                    }
                }
                default -> house.pass(Duration.ofMillis(random.nextInt(1, 5_000)));
            }
            house.pass(Duration.ofMillis(random.nextInt(40)));
        }

        /** Each join is of another item, so that a leave says whose it is even when ids are used again. */
        private void join() {
            long socket = random.nextInt(1, 9);
            String subscription = "s" + random.nextInt(3);
            Visit visit = new Visit(
                    socket,
                    subscription,
                    new Group("room", "g" + random.nextInt(2)),
                    "join-" + ++joins,
                    Json.ofText("{\"user\":" + socket + "}"));
            living.put(socket + subscription, visit);
            house.join(visit);
        }

        private void leave() {
            List<String> all = new ArrayList<>(living.keySet());
            if (!all.isEmpty()) {
                end(all.get(random.nextInt(all.size())));
            }
        }

        private void closeSocket() {
            String socket = String.valueOf(random.nextInt(1, 9));
            List.copyOf(living.keySet()).stream()
                    .filter(place -> place.startsWith(socket))
                    .forEach(this::end);
        }

        private void end(String place) {
            Visit visit = living.remove(place);
            if (visit != null) {
                house.leave(visit);
            }
        }

        private void bind() {
            house.bind("f");
            bound = true;
        }

        private void die() {
            if (random.nextBoolean()) {
                // Long enough that everybody is known: these may all be missed if they are not told.
                house.log.away = false;
                house.pass(Duration.ofSeconds(30));
                living.values().forEach(this::mustLeave);
            } else {
                Set<String> kept = house.log.kept().values().stream()
                        .map(value -> value.tree().path("id").asString())
                        .collect(Collectors.toSet());
                living.values().stream()
                        .filter(visit -> kept.contains(visit.itemId()))
                        .forEach(this::mustLeave);
            }
            living.clear();
            bound = false;
            house.restart();
        }

        private void mustLeave(Visit visit) {
            dead.put(String.valueOf(visit.itemId()), House.told("f", visit));
        }

        /** Nobody who is there has been said to have left. */
        void check() {
            List<String> told = house.told.subList(seen, house.told.size());
            living.values().forEach(visit -> assertThat(told).doesNotContain(House.told("f", visit)));
            seen = house.told.size();
        }

        /** Everything works for long enough. */
        void calm() {
            house.log.away = false;
            house.failing.clear();
            if (!bound) {
                bind();
            }
            house.pass(Duration.ofMinutes(10));
        }

        Set<String> missing() {
            Set<String> missing = new TreeSet<>(dead.values());
            house.told.forEach(missing::remove);
            return missing;
        }
    }
}
