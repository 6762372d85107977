package io.millrace.web.stream;

import io.millrace.engine.feed.Terms;
import io.millrace.engine.gate.Arrival;
import io.millrace.engine.gate.Verdict;
import io.millrace.engine.gate.Visit;
import io.millrace.web.socket.Handshake;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.SameThreadExecutor;
import io.undertow.util.StatusCodes;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.xnio.IoUtils;
import org.xnio.XnioIoThread;

/**
 * Server-sent events: {@code GET /stream/{stream}/{group}[/{item}]} with {@code Accept: text/event-stream}. Whatever a
 * WebSocket has to pass, a stream of events has to pass too, before it begins: afterwards there is no way to refuse it.
 */
final class EventStreams {
    private static final String EVENT_STREAM = "text/event-stream";
    private static final String METHODS = "GET, HEAD, OPTIONS";
    private static final HttpString LAST_EVENT_ID = new HttpString("Last-Event-ID");
    /** nginx would keep events until it has 8 kB of them. */
    private static final HttpString ACCEL_BUFFERING = new HttpString("X-Accel-Buffering");

    private final Commons commons;
    private final Entrance entrance;
    private final CrossOrigin origins;
    private final Function<XnioIoThread, SocketLane> lanes;

    EventStreams(Commons commons, Entrance entrance, CrossOrigin origins, Function<XnioIoThread, SocketLane> lanes) {
        this.commons = commons;
        this.entrance = entrance;
        this.origins = origins;
        this.lanes = lanes;
    }

    /** Whether a request is about server-sent events. */
    static boolean isWanted(HttpServerExchange exchange) {
        HeaderMap headers = exchange.getRequestHeaders();
        if (headers.contains(Headers.UPGRADE)) {
            return false;
        }
        if (exchange.getRequestMethod().equals(Methods.OPTIONS)) {
            return true;
        }
        for (String line : headers.eachValue(Headers.ACCEPT)) {
            for (String range : line.split(",", -1)) {
                String type = range.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
                if (type.equals(EVENT_STREAM)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Answers such a request. */
    void handle(HttpServerExchange exchange, StreamPath path) {
        HttpString method = exchange.getRequestMethod();
        if (method.equals(Methods.OPTIONS)) {
            exchange.setStatusCode(StatusCodes.NO_CONTENT);
            exchange.getResponseHeaders().put(Headers.ALLOW, METHODS);
            origins.addToPreflight(exchange, METHODS);
            return;
        }
        origins.addTo(exchange);
        if (!method.equals(Methods.GET) && !method.equals(Methods.HEAD)) {
            refuse(exchange, 405, "method " + method + " (expected: GET)");
        } else if (!origins.allows(exchange)) {
            refuse(
                    exchange,
                    403,
                    "origin " + exchange.getRequestHeaders().getFirst(Headers.ORIGIN) + " is not allowed");
        } else if (!(path instanceof StreamPath.Joined joined)) {
            refuse(exchange, 404, "no stream of events here (expected: /stream/{stream}/{group})");
        } else if (!exchange.isRequestComplete()) {
            refuse(exchange, 400, "body (expected: none)");
        } else if (commons.isClosing()) {
            // Browsers give up for good when they are answered, but come back when the connection is lost.
            IoUtils.safeClose(exchange.getConnection());
        } else {
            begin(exchange, joined);
        }
    }

    private void begin(HttpServerExchange exchange, StreamPath.Joined path) {
        switch (Wanted.of(Arrival.query(exchange.getQueryString()))) {
            case Wanted.Unfit(String why) -> refuse(exchange, 400, why);
            case Wanted.Fit(Terms terms) -> begin(exchange, path, withLastEventId(exchange, terms));
        }
    }

    /** What the client has got last counts, as its header says it, before the url, which stays as it once was. */
    private static Terms withLastEventId(HttpServerExchange exchange, Terms terms) {
        String last = exchange.getRequestHeaders().getFirst(LAST_EVENT_ID);
        return new Terms(terms.mode(), true, last == null || last.isEmpty() ? terms.cursor() : last);
    }

    private void begin(HttpServerExchange exchange, StreamPath.Joined path, Terms terms) {
        if (exchange.getRequestMethod().equals(Methods.HEAD)) {
            entrance.enter(exchange, EventStreams::headOnly);
        } else {
            entrance.enter(exchange, new Beginning(path, terms));
        }
    }

    /** One that is to begin once it has been let in. */
    private final class Beginning implements Entrance.Welcome {
        private final StreamPath.Joined path;
        private final Terms terms;

        Beginning(StreamPath.Joined path, Terms terms) {
            this.path = path;
            this.terms = terms;
        }

        @Override
        public void admitted(HttpServerExchange exchange) {
            exchange.dispatch(SameThreadExecutor.INSTANCE, () -> ask(exchange, path, terms));
        }

        /** Browsers come back only when the connection is lost. */
        @Override
        public void notYet(HttpServerExchange exchange, Commons all, String why) {
            IoUtils.safeClose(exchange.getConnection());
        }
    }

    private void ask(HttpServerExchange exchange, StreamPath.Joined path, Terms terms) {
        Visit visit = new Visit(
                commons.nextNumber(),
                UUID.randomUUID().toString(),
                path.group(),
                path.itemId(),
                Entrance.context(exchange));
        if (!commons.gate().asksOnJoin(path.group().streamName())) {
            if (isTooLate(exchange)) {
                IoUtils.safeClose(exchange.getConnection());
            } else {
                begin(exchange, visit, terms);
            }
            return;
        }
        commons.knocked();
        commons.gate().join(visit).thenAccept(verdict -> {
            try {
                exchange.getIoThread().execute(() -> decided(exchange, visit, verdict, terms));
            } catch (RejectedExecutionException e) {
                // The thread has ended, and with it the connection; but whoever let it in takes it for there.
                commons.answered();
                leaveIfAdmitted(visit, verdict);
            }
        });
    }

    private void decided(HttpServerExchange exchange, Visit visit, Verdict verdict, Terms terms) {
        commons.answered();
        switch (verdict) {
            case Verdict.Admitted ignored -> {
                if (isTooLate(exchange)) {
                    leaveIfAdmitted(visit, verdict);
                    IoUtils.safeClose(exchange.getConnection());
                } else {
                    begin(exchange, visit, terms);
                }
            }
            case Verdict.Refused ignored -> {
                commons.events().joinRefused(GatewayEvents.JoinRefusal.UNAUTHORIZED);
                refuse(exchange, 403, "unauthorized");
            }
        }
    }

    /** Whether this node, or the client, has gone while others were asked. */
    private boolean isTooLate(HttpServerExchange exchange) {
        return commons.isClosing() || !exchange.getConnection().isOpen();
    }

    private void leaveIfAdmitted(Visit visit, Verdict verdict) {
        if (verdict instanceof Verdict.Admitted) {
            commons.gate().left(visit);
        }
    }

    private void begin(HttpServerExchange exchange, Visit visit, Terms terms) {
        head(exchange);
        exchange.setPersistent(false);
        EventStream.begin(exchange, lanes.apply(exchange.getIoThread()), visit, terms);
    }

    private static void headOnly(HttpServerExchange exchange) {
        head(exchange);
        exchange.endExchange();
    }

    private static void head(HttpServerExchange exchange) {
        HeaderMap answer = exchange.getResponseHeaders();
        answer.put(Headers.CONTENT_TYPE, EVENT_STREAM);
        answer.put(Headers.CACHE_CONTROL, "no-store");
        answer.put(ACCEL_BUFFERING, "no");
    }

    private void refuse(HttpServerExchange exchange, int status, String why) {
        commons.turnAway(exchange, new Handshake.Refusal(status, why));
    }
}
