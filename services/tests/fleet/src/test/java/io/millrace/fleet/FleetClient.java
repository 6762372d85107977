package io.millrace.fleet;

import io.millrace.harness.NodeProcess;
import io.millrace.testkit.linear.Answer;
import io.millrace.testkit.linear.Ask;
import io.millrace.testkit.linear.Operation;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A client that calls any node, and the next when that one fails, a mutation under the same id, until it is answered or has
 * had enough. Some calls are made once only, and soon given up. For one thread.
 */
final class FleetClient {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration ATTEMPT = Duration.ofSeconds(5);
    private static final Duration SHORT_ATTEMPT = Duration.ofMillis(150);
    private static final long BACK_OFF_MS = 40;
    private static final int ONE_SHOT_ONE_IN = 25;

    private final String name;
    private final int number;
    private final List<NodeProcess> nodes;
    private final Random random;
    private final Told told;
    private int calls;

    /** What clients come upon that is no part of the history. */
    interface Told {
        /** A mutation under this id took effect. */
        void acknowledged(String mutationId);

        /** An answer that nobody should get. */
        void surprised(String what);

        /** An attempt did not succeed, and the next is made. */
        void again();
    }

    FleetClient(String name, int number, List<NodeProcess> nodes, long seed, Told told) {
        this.name = name;
        this.number = number;
        this.nodes = nodes;
        this.random = new Random(seed * 1_000 + number);
        this.told = told;
    }

    Operation perform(Place place, Ask ask) throws InterruptedException {
        boolean read = ask instanceof Ask.Get;
        boolean versioned = random.nextBoolean();
        boolean once = random.nextInt(ONE_SHOT_ONE_IN) == 0;
        String mutationId = name + "-" + calls++;
        long invokedNs = System.nanoTime();
        long enoughNs = invokedNs + PATIENCE.toNanos();
        for (int attempt = 1; ; attempt++) {
            if (read) {
                invokedNs = System.nanoTime(); // The one before did nothing.
            }
            Answer answer = attempt(place, ask, versioned, mutationId, once ? SHORT_ATTEMPT : ATTEMPT);
            long returnedNs = System.nanoTime();
            if (answer != null) {
                if (hasChanged(answer)) {
                    told.acknowledged(mutationId);
                }
                // An earlier attempt may still be under way, and what changed nothing leaves no id behind to know it
                // by.
                boolean open = attempt > 1 && mayStillHappen(ask, answer);
                return new Operation(
                        number, place.key(), ask, open ? new Answer.Unknown() : answer, invokedNs, returnedNs);
            }
            if (once || returnedNs > enoughNs) {
                return new Operation(number, place.key(), ask, new Answer.Unknown(), invokedNs, returnedNs);
            }
            told.again();
            TimeUnit.MILLISECONDS.sleep(BACK_OFF_MS + random.nextInt((int) BACK_OFF_MS));
        }
    }

    private static boolean hasChanged(Answer answer) {
        return switch (answer) {
            case Answer.Written ignored -> true;
            case Answer.Removed removed -> removed.before() != null;
            case Answer.Refused ignored -> false;
            case Answer.Seen ignored -> false;
            case Answer.Unknown ignored -> false;
        };
    }

    private static boolean mayStillHappen(Ask ask, Answer answer) {
        return switch (answer) {
            case Answer.Refused ignored -> ask instanceof Ask.PutIf put && put.version() == 0;
            case Answer.Removed removed -> removed.before() == null;
            case Answer.Seen ignored -> false;
            case Answer.Written ignored -> false;
            case Answer.Unknown ignored -> false;
        };
    }

    /** Calls one node. Returns null when it is not known what came of it. */
    private @Nullable Answer attempt(Place place, Ask ask, boolean versioned, String mutationId, Duration timeout)
            throws InterruptedException {
        NodeProcess node = nodes.get(random.nextInt(nodes.size()));
        String function = place.function(ask, versioned);
        try {
            HttpResponse<String> response = node.call(function, place.payload(ask, versioned, mutationId), timeout);
            JsonNode body = NodeProcess.JSON.readTree(response.body());
            return switch (response.statusCode()) {
                case 200 -> place.answer(ask, versioned, body.path("result"));
                case 409 ->
                    new Answer.Refused(
                            body.path("error").path("current_version").asLong());
                case 503 -> null;
                default -> {
                    told.surprised(function + " at " + node.host().name() + ": " + response.statusCode() + " "
                            + response.body());
                    yield null;
                }
            };
        } catch (IOException e) {
            return null;
        }
    }
}
