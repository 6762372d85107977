package io.millrace.testkit;

import io.millrace.core.address.Address;
import io.millrace.core.address.StateAddress;
import io.millrace.core.address.StreamAddress;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.MutationId;
import io.millrace.core.change.Reply;
import io.millrace.core.change.Version;
import io.millrace.core.update.UpdateOp;
import io.millrace.core.value.Json;
import io.millrace.engine.write.Mutations;
import io.millrace.engine.write.UnavailableException;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Asks for one mutation after another, each again under the same id until it is answered. */
final class SimulatedClient {
    private static final long PAUSE_MICROS = 8_000;
    private static final long PATIENCE_MICROS = 700_000;

    private final String name;
    private final Simulation simulation;
    private final Mutations mutations;
    private final History history;
    private int left;
    private int asked;
    private Version lastSeen = Version.NONE;

    SimulatedClient(String name, Simulation simulation, Mutations mutations, History history, int count) {
        this.name = name;
        this.simulation = simulation;
        this.mutations = mutations;
        this.history = history;
        this.left = count;
    }

    void start() {
        simulation.soon(PAUSE_MICROS, this::next);
    }

    private void next() {
        if (left == 0) {
            return;
        }
        left--;
        asked++;
        Mutation mutation = invent(new MutationId(name + "-" + asked));
        history.asked();
        ask(mutation);
    }

    private void ask(Mutation mutation) {
        Instant deadline = Instant.EPOCH.plusNanos((simulation.nowMicros() + PATIENCE_MICROS) * 1_000);
        mutations.submit(mutation, deadline).whenComplete((reply, failure) -> {
            if (failure != null) {
                again(mutation, failure);
                return;
            }
            history.told(mutation, reply);
            lastSeen = switch (reply) {
                case Reply.Done done -> done.version();
                case Reply.VersionConflict conflict -> conflict.current();
                case Reply.ValueTooLarge ignored -> lastSeen;
            };
            simulation.soon(PAUSE_MICROS, this::next);
        });
    }

    private void again(Mutation mutation, Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (!(cause instanceof UnavailableException)) {
            throw new IllegalStateException("failed for good: " + mutation, cause);
        }
        simulation.soon(PAUSE_MICROS, () -> ask(mutation));
    }

    private Mutation invent(MutationId id) {
        SplittableRandom random = simulation.random();
        return switch (random.nextInt(8)) {
            case 0 -> Mutation.of(item(), new Mutation.Set(Json.ofText("{\"by\":\"" + id + "\"}")), id);
            case 1 -> Mutation.of(item(), new Mutation.Delete(), id);
            case 2 -> new Mutation(item(), new Mutation.Set(Json.ofText("\"" + id + "\"")), id, expected(), null);
            default -> Mutation.of(counter(), increment(), id);
        };
    }

    private @Nullable Version expected() {
        return simulation.oneIn(3) ? Version.NONE : lastSeen;
    }

    private Mutation.Ask increment() {
        return new Mutation.Update(List.of(new UpdateOp.Increment("n", 1)));
    }

    private Address counter() {
        return address("counter", 3);
    }

    private Address item() {
        return address("item", 4);
    }

    private Address address(String kind, int count) {
        int number = simulation.random().nextInt(count);
        return simulation.oneIn(2)
                ? new StateAddress(kind + number % 2, "k" + number)
                : new StreamAddress("live", kind + number % 2, "i" + number);
    }
}
