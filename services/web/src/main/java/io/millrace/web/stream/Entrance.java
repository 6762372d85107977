package io.millrace.web.stream;

import io.millrace.core.value.Json;
import io.millrace.engine.gate.Arrival;
import io.millrace.engine.gate.Verdict;
import io.millrace.web.socket.Handshake;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.SameThreadExecutor;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Lets requests in, whatever they are to become: there must be room, and the gate must not object. */
final class Entrance {
    /** What the gate knows about who has been let in. */
    private static final AttachmentKey<Json> CONTEXT = AttachmentKey.create(Json.class);

    private final Commons commons;

    Entrance(Commons commons) {
        this.commons = commons;
    }

    /** What becomes of a request that has been let in. Comes on the connection's own thread. */
    @FunctionalInterface
    interface Welcome {
        /** Answers it. */
        void admitted(HttpServerExchange exchange);

        /** Says that it may come again soon: nobody is there yet who could let it in. */
        default void notYet(HttpServerExchange exchange, Commons commons, String why) {
            commons.turnAway(exchange, new Handshake.Refusal(503, why));
        }
    }

    /** Lets a request in, now or after the gate has been asked; or answers why not. */
    void enter(HttpServerExchange exchange, Welcome welcome) {
        Handshake.Refusal full = commons.full(address(exchange));
        if (full != null) {
            commons.turnAway(exchange, full);
        } else if (commons.gate().asksOnArrival()) {
            commons.knocked();
            Arrival arrival = arrival(exchange);
            exchange.dispatch(SameThreadExecutor.INSTANCE, () -> ask(exchange, arrival, welcome));
        } else {
            welcome.admitted(exchange);
        }
    }

    /** What the gate knows about one that has been let in. */
    static @Nullable Json context(HttpServerExchange exchange) {
        return exchange.getAttachment(CONTEXT);
    }

    /** What the address of its client counts as. */
    static long address(HttpServerExchange exchange) {
        return Addresses.of(exchange.getSourceAddress());
    }

    /** The path as it was sent. */
    static String sentPath(HttpServerExchange exchange) {
        // Not always the path: Undertow takes what follows a semicolon out of it.
        return exchange.isHostIncludedInRequestURI() ? exchange.getRequestPath() : exchange.getRequestURI();
    }

    private void ask(HttpServerExchange exchange, Arrival arrival, Welcome welcome) {
        commons.gate().arrive(arrival).thenAccept(verdict -> {
            try {
                // Back to the connection's own thread: this one may belong to anybody.
                exchange.getIoThread().execute(() -> decided(exchange, verdict, welcome));
            } catch (RejectedExecutionException e) {
                commons.answered(); // The thread has ended, and with it the connection.
            }
        });
    }

    private void decided(HttpServerExchange exchange, Verdict verdict, Welcome welcome) {
        commons.answered();
        switch (verdict) {
            case Verdict.Admitted(Json context) -> {
                if (context != null) {
                    exchange.putAttachment(CONTEXT, context);
                }
                welcome.admitted(exchange);
            }
            case Verdict.Refused(String why, boolean passing) -> {
                if (passing) {
                    welcome.notYet(exchange, commons, why);
                } else {
                    commons.turnAway(exchange, new Handshake.Refusal(401, why));
                }
            }
        }
    }

    private static Arrival arrival(HttpServerExchange exchange) {
        Map<String, String> headers = new LinkedHashMap<>();
        HeaderMap given = exchange.getRequestHeaders();
        for (HeaderValues values : given) {
            String last = values.getLast();
            if (isText(last)) {
                headers.put(values.getHeaderName().toString().toLowerCase(Locale.ROOT), last);
            }
        }
        return new Arrival(headers, sentPath(exchange), Arrival.query(exchange.getQueryString()), peer(exchange));
    }

    /** Whether a header's value is one that everybody reads alike. */
    private static boolean isText(String value) {
        return value.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || c == '\t');
    }

    private static String peer(HttpServerExchange exchange) {
        InetSocketAddress address = exchange.getSourceAddress();
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
