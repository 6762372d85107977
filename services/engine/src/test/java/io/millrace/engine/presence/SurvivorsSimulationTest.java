package io.millrace.engine.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import io.millrace.engine.gate.Visit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nodes die and come back, also while they tell the leaves of others, workers and Kafka come and go: whoever was written
 * down when its node died has its leave told, and nobody has who is still there.
 */
class SurvivorsSimulationTest {
    private static final int STEPS = 300;

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("seeds", 20));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whoeverWasThereWhenANodeDiedLeavesAndNobodyElse(long seed) {
        Chaos chaos = new Chaos(seed);
        for (int i = 0; i < STEPS; i++) {
            chaos.step();
            chaos.check();
        }
        chaos.calm();
        chaos.check();
        assertThat(chaos.missing()).isEmpty();
        assertThat(chaos.street.log.kept()).as("what the log still has").hasSize(chaos.living.size());
    }

    private static final class Chaos {
        private static final List<String> NODES = List.of("a", "b", "c", "d");

        private final SplittableRandom random;
        private final Street street = new Street("a", "b", "c", "d");
        /** Where each is, by its name. */
        private final Map<String, Map<String, Visit>> at = new TreeMap<>();

        private final Map<String, Visit> living = new HashMap<>();
        private final Set<String> mustLeave = new TreeSet<>();
        private final List<Street.Site> unnoticed = new ArrayList<>();
        private int joins;
        private int seen;
        private String chosen = "a";

        Chaos(long seed) {
            this.random = new SplittableRandom(seed);
        }

        private <T> T any(List<T> of) {
            return of.get(random.nextInt(of.size()));
        }

        void step() {
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3, 4 -> join();
                case 5, 6 -> leave();
                case 7 -> street.at(any(street.there())).bind();
                case 8 -> street.at(any(street.there())).workerGone();
                case 9 -> street.failing = random.nextInt(3) == 0;
                case 10 -> street.log.away = random.nextInt(4) == 0;
                case 11 -> die();
                case 12 -> comeBack();
                case 13 -> notice();
                default -> street.pass(Duration.ofMillis(random.nextInt(1, 5_000)));
            }
            street.pass(Duration.ofMillis(random.nextInt(40)));
        }

        private void join() {
            String node = any(street.there());
            String name = "s" + ++joins;
            Visit visit = new Visit(joins, name, new Group("room", "g"), null, Json.ofText("{}"));
            living.put(name, visit);
            at.computeIfAbsent(node, any -> new TreeMap<>()).put(name, visit);
            street.at(node).join(visit);
        }

        private void leave() {
            String node = any(street.there());
            List<String> there = new ArrayList<>(at.getOrDefault(node, Map.of()).keySet());
            if (!there.isEmpty()) {
                String name = any(there);
                Visit visit = at.getOrDefault(node, Map.of()).get(name);
                at.getOrDefault(node, Map.of()).remove(name);
                living.remove(name);
                if (visit != null) {
                    street.at(node).leave(visit);
                }
            }
        }

        private void die() {
            if (street.there().size() < 2) {
                return;
            }
            String node = any(street.there());
            Set<String> kept = street.log.kept().values().stream()
                    .map(value -> value.tree().path("subscription_id").asString())
                    .collect(Collectors.toSet());
            at.getOrDefault(node, Map.of()).forEach((name, visit) -> {
                living.remove(name);
                if (kept.contains(name)) {
                    mustLeave.add(Street.told(visit));
                }
            });
            at.remove(node);
            unnoticed.add(street.die(node));
        }

        private void comeBack() {
            List<String> dead = new ArrayList<>(NODES);
            dead.removeAll(street.there());
            if (!dead.isEmpty()) {
                street.begin(any(dead));
            }
        }

        /** The others learn who has died. Whoever is chosen when another was, looks for what that one has not seen. */
        private void notice() {
            String now = Collections.min(street.there());
            unnoticed.forEach(dead -> street.noticed(now, dead));
            if (!unnoticed.isEmpty() || !now.equals(chosen)) {
                street.at(now).presence.lookForGone();
            }
            chosen = now;
            unnoticed.clear();
        }

        void check() {
            List<String> told = street.told.subList(seen, street.told.size());
            living.values().forEach(visit -> assertThat(told).doesNotContain(Street.told(visit)));
            seen = street.told.size();
        }

        void calm() {
            street.log.away = false;
            street.failing = false;
            street.there().forEach(node -> street.at(node).bind());
            notice();
            street.pass(Duration.ofMinutes(10));
            notice();
            street.at(Collections.min(street.there())).presence.lookForGone();
            street.pass(Duration.ofMinutes(10));
        }

        Set<String> missing() {
            Set<String> missing = new TreeSet<>(mustLeave);
            street.told.forEach(missing::remove);
            return missing;
        }
    }
}
