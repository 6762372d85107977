package io.millrace.web.http;

import io.millrace.engine.channel.Channel;
import io.millrace.engine.channel.Item;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.trigger.Conditions;
import io.millrace.engine.trigger.Conditions.Verdict;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request that a route answers, on its way: its turn, the middleware of all, the body, the condition, the route's own
 * middleware, the function; then either the function's result or what it writes into the response channel, whichever comes
 * first. Belongs to the request's I/O thread, to which every answer comes back.
 */
final class HttpCall {
    private static final Logger LOG = LoggerFactory.getLogger(HttpCall.class);
    /** The quick ones are not worth watching. */
    private static final Duration WATCH_AFTER = Duration.ofSeconds(1);
    /** Functions may learn a little late that nobody waits any more; never before we have said so. */
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** Pieces that wait in a channel: a slow end should cost little, and there may be many. */
    private static final int CHANNEL_ITEMS = 16;
    /** JSON that is parsed and written in no time. */
    private static final int SMALL_BYTES = 64 << 10;

    private final HttpServerExchange exchange;
    private final Client client;
    private final Route route;
    private final Means means;
    private final RequestText text;
    private final Invocation.Context context;
    private final Runnable turn = this::myTurn;
    private boolean holdsTurn;
    private Instant deadline = Instant.MAX;
    private @Nullable WholeBody body;
    private @Nullable Channel requestBody;
    private @Nullable Channel response;
    private Scheduler.@Nullable Scheduled timer;

    HttpCall(HttpServerExchange exchange, Client client, Route route, Map<String, String> parameters, Means means) {
        this.exchange = exchange;
        this.client = client;
        this.route = route;
        this.means = means;
        this.text = RequestText.of(exchange, route, parameters);
        this.context = TraceHeaders.context(exchange.getRequestHeaders());
    }

    void begin() {
        client.whenOver(this::over);
        if (!route.turns().take(turn)) {
            client.answer(Answer.overloaded("too many requests of this route are under way"));
        }
    }

    private void myTurn() {
        client.onIo(this::run);
    }

    private void run() {
        if (client.isOver()) {
            route.turns().giveBack();
            return;
        }
        holdsTurn = true;
        Duration timeout = means.config().limits().timeout();
        deadline = means.clock().instant().plus(timeout).plus(GRACE);
        boolean watched = timeout.compareTo(WATCH_AFTER) > 0;
        timer = means.scheduler()
                .after(watched ? WATCH_AFTER : timeout, () -> client.onIo(watched ? this::watch : this::timedOut));
        middleware(
                means.config().middleware().stream()
                        .map(HttpTriggersConfig.Middleware::functionId)
                        .iterator(),
                this::readBody);
    }

    private void watch() {
        if (!client.isOver() && !client.isAnswered()) {
            Duration left = means.config().limits().timeout().minus(WATCH_AFTER);
            timer = means.scheduler().after(left, () -> client.onIo(this::timedOut));
            PeerWatch.begin(exchange);
        }
    }

    private void timedOut() {
        client.answerPlainly(Answer.empty(StatusCodes.GATEWAY_TIME_OUT));
        settled();
    }

    /** Asks one middleware after another, unless one of them answers. */
    private void middleware(Iterator<String> functionIds, Runnable then) {
        if (!functionIds.hasNext()) {
            then.run();
            return;
        }
        String functionId = functionIds.next();
        Invocation invocation = new Invocation(functionId, text.forMiddleware(), deadline, context);
        ask(() -> means.functions().invoke(invocation), outcome -> {
            Answer answer = switch (outcome) {
                case Outcome.Result result -> Envelope.ofMiddleware(result);
                case Outcome.NoResult ignored -> null;
                case Outcome.Failure failure -> failed(functionId, failure);
            };
            if (answer == null) {
                middleware(functionIds, then);
            } else {
                answer(answer);
            }
        });
    }

    private void readBody() {
        Channel incoming = means.channels().create(CHANNEL_ITEMS);
        Channel outgoing = means.channels().create(CHANNEL_ITEMS);
        requestBody = incoming;
        response = outgoing;
        StreamedAnswer streamed = new StreamedAnswer(outgoing, means.reader());
        outgoing.claimReader(() -> client.onIo(() -> written(streamed)));
        incoming.claimWriter(() -> client.onIo(client.body()::resume));
        HttpTriggersConfig.Limits limits = means.config().limits();
        String type = exchange.getRequestHeaders().getFirst(Headers.CONTENT_TYPE);
        if (type != null && type.contains("application/json")) {
            WholeBody whole = new WholeBody(
                    means.bodies(),
                    bytes -> parse(bytes, incoming),
                    () -> answer(Answer.tooLarge(limits.maxBodyBytes())),
                    () -> answer(Answer.overloaded("too many bodies are being read")));
            body = whole;
            client.body().pieces(limits.maxBodyBytes(), whole);
        } else {
            client.body().pieces(limits.maxUploadBytes(), new Upload(incoming, () -> uploadTooLarge(limits)));
            condition();
        }
    }

    private void uploadTooLarge(HttpTriggersConfig.Limits limits) {
        if (client.isAnswered()) {
            client.cut();
        } else {
            answer(Answer.tooLarge(limits.maxUploadBytes()));
        }
    }

    private void parse(byte[] bytes, Channel incoming) {
        if (bytes.length > 0) {
            incoming.write(Item.binary(bytes));
        }
        incoming.end();
        boolean topLevel = means.config().bodyAtTopLevel();
        if (bytes.length <= SMALL_BYTES) {
            text.parse(bytes, means.reader(), topLevel);
            condition();
        } else {
            means.executor().execute(() -> {
                text.parse(bytes, means.reader(), topLevel);
                client.onIo(this::condition);
            });
        }
    }

    private void condition() {
        if (client.isOver() || client.isAnswered()) {
            return;
        }
        String asked = route.condition();
        if (asked == null) {
            routeMiddleware();
            return;
        }
        ask(() -> Conditions.ask(means.functions(), asked, text.payload(null, null), deadline, context), verdict -> {
            switch (verdict) {
                case Verdict.Call ignored -> routeMiddleware();
                case Verdict.Skip ignored -> answer(Answer.conditionNotMet());
                case Verdict.Failed(Outcome.Failure failure) -> answer(failed(asked, failure));
            }
        });
    }

    private void routeMiddleware() {
        middleware(route.middleware().iterator(), this::call);
    }

    private void call() {
        Invocation invocation = new Invocation(
                route.functionId(),
                text.payload(requestBody, response),
                deadline,
                context.withMetadata(route.metadata()));
        // Turned into bytes elsewhere: a large result should not hold up the other connections of this thread.
        ask(
                () -> means.functions().invoke(invocation).thenApplyAsync(this::answerOf, means.executor()),
                this::answerIfAny);
    }

    /** The answer that an outcome is; none without a result: then it comes through the channel, if at all. */
    private Reply answerOf(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Result result -> new Reply(result.value().isNull() ? null : Envelope.of(result.value()));
            case Outcome.NoResult ignored -> new Reply(null);
            case Outcome.Failure failure -> new Reply(client.isAnswered() ? null : failed(route.functionId(), failure));
        };
    }

    /** An answer or none: stages would take null for a failure. */
    private record Reply(@Nullable Answer answer) {}

    private void answerIfAny(Reply reply) {
        if (reply.answer() != null) {
            answer(reply.answer());
        }
    }

    /** There is something new in the response channel, or its writer has ended. */
    private void written(StreamedAnswer streamed) {
        if (client.isOver()) {
            return;
        }
        if (client.isAnswered()) {
            client.wake();
        } else if (streamed.begins()) {
            client.stream(streamed.status(), streamed.headers(), streamed);
            settled();
        } else if (streamed.isEnded()) {
            answer(Answer.empty(streamed.status(), streamed.headers()));
        }
    }

    /** Does something that comes to an answer later, and goes on here if anybody still wants to know. */
    private <T> void ask(Supplier<CompletionStage<T>> question, Consumer<T> then) {
        BiConsumer<@Nullable T, @Nullable Throwable> told = (known, failure) -> client.onIo(() -> {
            if (!client.isOver() && !client.isAnswered()) {
                if (known != null) {
                    then.accept(known);
                } else {
                    broken(failure);
                }
            }
        });
        try {
            question.get().whenComplete(told);
        } catch (RuntimeException e) {
            told.accept(null, e);
        }
    }

    private void broken(@Nullable Throwable failure) {
        String errorId = errorId();
        LOG.atError()
                .setCause(failure)
                .addKeyValue("errorId", errorId)
                .addKeyValue("function", route.functionId())
                .log("http request failed by a bug");
        answer(Answer.failed(new Outcome.Failure("INTERNAL_ERROR", "internal server error"), errorId));
    }

    private Answer failed(String functionId, Outcome.Failure failure) {
        String errorId = errorId();
        LOG.atWarn()
                .addKeyValue("errorId", errorId)
                .addKeyValue("function", functionId)
                .addKeyValue("code", failure.code())
                .log("http request failed");
        return Answer.failed(failure, errorId);
    }

    private static String errorId() {
        return String.format("%012x", ThreadLocalRandom.current().nextLong() & 0xffff_ffff_ffffL);
    }

    private void answer(Answer answer) {
        client.answer(answer);
        settled();
    }

    /** The answer has begun: others may have the turn, however long it takes to send it. */
    private void settled() {
        if (timer != null) {
            timer.cancel();
        }
        if (holdsTurn) {
            holdsTurn = false;
            route.turns().giveBack();
        }
    }

    private void over() {
        route.turns().withdraw(turn);
        settled();
        if (body != null) {
            body.release();
        }
        if (requestBody != null) {
            means.channels().remove(requestBody);
            requestBody.end();
        }
        if (response != null) {
            means.channels().remove(response);
            response.abandon();
        }
    }
}
