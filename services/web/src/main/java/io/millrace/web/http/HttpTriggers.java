package io.millrace.web.http;

import io.millrace.core.value.JsonReader;
import io.millrace.engine.channel.Channels;
import io.millrace.engine.function.Functions;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.trigger.TriggerType;
import io.millrace.web.listen.HttpPort;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.GracefulShutdownHandler;
import io.undertow.server.handlers.HttpContinueReadHandler;
import io.undertow.util.HeaderMap;
import io.undertow.util.Methods;
import io.undertow.util.SameThreadExecutor;
import io.undertow.util.StatusCodes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The port whose requests call functions, and the trigger type {@code http} that says which. */
public final class HttpTriggers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpTriggers.class);

    private final HttpPort http;
    private final GracefulShutdownHandler requests;
    private final TriggerType type;
    private final Supplier<Duration> lastCalls;

    private HttpTriggers(
            HttpPort http, GracefulShutdownHandler requests, TriggerType type, Supplier<Duration> lastCalls) {
        this.http = http;
        this.requests = requests;
        this.type = type;
        this.lastCalls = lastCalls;
    }

    /**
     * Begins to listen. Without triggers, every request is answered with 404.
     *
     * @param functions whose stages never fail
     * @param channels where workers find the bodies of requests and of streamed answers
     * @param executor parses and writes large JSON; a virtual thread for each will do
     * @param lastCalls how long requests under way may take once it is closed; asked then
     * @throws io.millrace.web.listen.PortTakenException if the port cannot be had
     */
    public static HttpTriggers open(
            HttpTriggersConfig config,
            Functions functions,
            Channels channels,
            Scheduler scheduler,
            InstantSource clock,
            Executor executor,
            HttpEvents events,
            Supplier<Duration> lastCalls) {
        Routes routes = new Routes();
        Means means = new Means(
                config,
                functions,
                channels,
                scheduler,
                clock,
                executor,
                events,
                new CorsHeaders(config.cors()),
                new JsonReader(config.limits().maxDepth()),
                new Budget(config.limits().maxBodiesBytes()));
        GracefulShutdownHandler requests = new GracefulShutdownHandler(new HttpContinueReadHandler(
                exchange -> exchange.dispatch(SameThreadExecutor.INSTANCE, () -> receive(exchange, routes, means))));
        HttpPort http = HttpPort.open(config.bind(), config.ioThreads(), requests);
        LOG.atInfo().addKeyValue("port", http.port()).log("http port open");
        return new HttpTriggers(
                http,
                requests,
                new HttpTriggerType(routes, () -> new Turns(config.limits().maxRequests())),
                lastCalls);
    }

    private static void receive(HttpServerExchange exchange, Routes routes, Means means) {
        Client client = Client.of(exchange, means);
        if (exchange.getRequestMethod().equals(Methods.OPTIONS)) {
            HeaderMap headers = new HeaderMap();
            means.cors().addToPreflight(exchange.getRequestHeaders(), headers);
            client.answerPlainly(Answer.empty(StatusCodes.OK, headers));
            return;
        }
        switch (routes.find(exchange.getRequestMethod().toString(), path(exchange))) {
            case Routes.Match.Found(Route route, var parameters) ->
                new HttpCall(exchange, client, route, parameters, means).begin();
            case Routes.Match.OtherMethods(var methods) -> client.answer(Answer.methodNotAllowed(methods));
            case Routes.Match.Nobody ignored -> client.answer(Answer.notFound());
        }
    }

    /** As sent: Undertow takes what follows a semicolon out of its own idea of the path. */
    private static String path(HttpServerExchange exchange) {
        String sent = exchange.getRequestURI();
        if (!exchange.isHostIncludedInRequestURI()) {
            return sent;
        }
        int authority = sent.indexOf("://");
        int path = sent.indexOf('/', authority < 0 ? 0 : authority + 3);
        return path < 0 ? "/" : sent.substring(path);
    }

    /** The type {@code http}, for the triggers of the node. */
    public TriggerType type() {
        return type;
    }

    /** The port that is listened on. */
    public int port() {
        return http.port();
    }

    /** Refuses new requests, gives those under way a little time, and stops. */
    @Override
    public void close() {
        requests.shutdown();
        boolean drained = false;
        try {
            drained = requests.awaitShutdown(lastCalls.get().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.close();
        LOG.atInfo().addKeyValue("drained", drained).log("http port closed");
    }
}
