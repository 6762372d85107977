package io.millrace.testkit;

import io.millrace.engine.deliver.Handler;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.port.DeadLetters;
import io.millrace.engine.port.Received;
import io.millrace.engine.port.TopicPartition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The function that everything is delivered to, and the dead letters. It is slow, fails, does not answer, is away; some
 * records it never takes. What it sees is held against the law.
 */
final class SimulatedFunction {
    private static final long LATENCY_MICROS = 4_000;

    private final Simulation simulation;
    private final DeliveryFault fault;
    private final int attempts;
    private final Set<Place> begun = new HashSet<>();
    private final Set<Place> done = new HashSet<>();
    private final Map<Place, DeadLetter> letters = new HashMap<>();
    private final Map<Place, Place> before = new HashMap<>();
    private final Map<Object, Place> last = new HashMap<>();
    private boolean away;
    private boolean healed;
    private int repeated;

    /** Where a record is. */
    private record Place(TopicPartition at, long offset) {
        static Place of(Received record) {
            return new Place(record.at(), record.offset());
        }
    }

    SimulatedFunction(Simulation simulation, DeliveryFault fault, int attempts) {
        this.simulation = simulation;
        this.fault = fault;
        this.attempts = attempts;
    }

    /** A record is written: it comes after the one before of its key. */
    void written(Received record) {
        Place place = Place.of(record);
        Place previous = last.put(Objects.requireNonNull(record.key()), place);
        if (previous != null) {
            before.put(place, previous);
        }
    }

    void away(boolean now) {
        away = now;
    }

    void heal() {
        healed = true;
        away = false;
    }

    /** As one node calls it. */
    Handler handler(SimulatedHost host) {
        return new Handler() {
            @Override
            public boolean wants(Received record) {
                return record.value() != null;
            }

            @Override
            public @Nullable Object orderKey(Received record) {
                return fault == DeliveryFault.NO_ORDER ? null : record.key();
            }

            @Override
            public String functionId(Received record) {
                return "f";
            }

            @Override
            public CompletionStage<Outcome> handle(Received record, int attempt) {
                return called(host, record);
            }

            @Override
            public boolean counts(Received record, Outcome.Failure failure) {
                return !failure.code().equals("function_not_found");
            }
        };
    }

    private CompletionStage<Outcome> called(SimulatedHost host, Received record) {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        if (!host.isUp()) {
            return answer;
        }
        if (away) {
            return CompletableFuture.completedStage(new Outcome.Failure("function_not_found", "away"));
        }
        Place place = Place.of(record);
        if (begun.add(place)) {
            Place previous = before.get(place);
            Law.L8.check(
                    previous == null || done.contains(previous),
                    () -> place + " was delivered before " + previous + " of the same key was done with");
        } else {
            repeated++;
        }
        boolean silent = !healed && simulation.oneIn(40);
        boolean fails = isPoison(record) || (!healed && simulation.oneIn(8));
        simulation.soon(LATENCY_MICROS, () -> {
            if (!fails) {
                done.add(place);
            }
            if (!silent && host.isUp()) {
                answer.complete(fails ? new Outcome.Failure("failed", "so it is") : new Outcome.NoResult());
            }
        });
        return answer;
    }

    /** Never taken. */
    static boolean isPoison(Received record) {
        return record.offset() % 37 == 5;
    }

    /** As one node keeps them. */
    DeadLetters deadLetters(SimulatedHost host) {
        return letter -> {
            CompletableFuture<Void> kept = new CompletableFuture<>();
            if (fault == DeliveryFault.LETTERS_LOST) {
                kept.complete(null);
                return kept;
            }
            boolean fails = !healed && simulation.oneIn(4);
            boolean written = !fails || simulation.oneIn(2);
            simulation.soon(LATENCY_MICROS, () -> {
                if (written && host.isUp()) {
                    Place place = new Place(letter.event(), letter.offset());
                    letters.put(place, letter);
                    done.add(place);
                }
                if (host.isUp() && fails) {
                    kept.completeExceptionally(new IllegalStateException("not kept"));
                } else if (host.isUp()) {
                    kept.complete(null);
                }
            });
            return kept;
        };
    }

    /** Once all is quiet. */
    void check(Received record) {
        Place place = Place.of(record);
        Law.L8.check(done.contains(place), () -> place + " was neither handled nor kept as a dead letter");
        DeadLetter letter = letters.get(place);
        Law.L8.check(!isPoison(record) || letter != null, () -> place + " is never taken, and has no dead letter");
        Law.L8.check(
                letter == null || letter.attempts() == attempts,
                () -> place + " has a dead letter after other than " + attempts + " attempts: " + letter);
    }

    int letters() {
        return letters.size();
    }

    int repeated() {
        return repeated;
    }
}
