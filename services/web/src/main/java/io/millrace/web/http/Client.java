package io.millrace.web.http;

import io.millrace.engine.port.Scheduler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpContinue;
import io.undertow.util.HeaderMap;
import io.undertow.util.Methods;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;

/** Whoever sent a request, and waits for its answer. Belongs to the request's I/O thread. */
final class Client {
    /** How long a client may take nothing of its answer. */
    private static final Duration STALLED = Duration.ofSeconds(60);
    /** How long, and how much, one may go on sending a body that nobody wants, so that it gets to read its answer. */
    private static final Duration LINGER = Duration.ofSeconds(5);

    private static final long LINGER_BYTES = 16 << 20;

    /** After so many pieces at a stretch the thread's other connections have their turn. */
    private static final int STRETCH = 64;

    private final HttpServerExchange exchange;
    private final Means means;
    private final long begunNs = System.nanoTime();
    private final BodyReader body;
    private Runnable whenOver = () -> {};
    private boolean answered;
    private boolean over;
    private @Nullable Source source;
    private @Nullable StreamSinkChannel sink;
    private @Nullable ByteBuffer pending;
    private Scheduler.@Nullable Scheduled limit;

    /** Where the bytes of an answer come from. */
    interface Source {
        /** The next bytes, or null if there are none now. */
        @Nullable
        ByteBuffer next();

        /** Whether no more will come. */
        boolean isEnded();
    }

    private Client(HttpServerExchange exchange, Means means) {
        this.exchange = exchange;
        this.means = means;
        this.body = new BodyReader(exchange, this::cut);
    }

    static Client of(HttpServerExchange exchange, Means means) {
        Client client = new Client(exchange, means);
        means.events().begun();
        exchange.addExchangeCompleteListener((completed, next) -> {
            client.over();
            next.proceed();
        });
        return client;
    }

    private void over() {
        if (!over) {
            over = true;
            body.stop();
            unlimited();
            means.events().ended();
            whenOver.run();
        }
    }

    /** Calls {@code ended} once when the answer has been sent, or its reader is gone. */
    void whenOver(Runnable ended) {
        whenOver = ended;
    }

    /** Does something on the request's own thread, a little later. */
    void onIo(Runnable task) {
        try {
            exchange.getIoThread().execute(task);
        } catch (RejectedExecutionException e) {
            // The port is closing, and so are all its connections.
            return;
        }
    }

    /** Whether nothing needs to be done for it any more. */
    boolean isOver() {
        return over;
    }

    /** Whether its answer has begun. */
    boolean isAnswered() {
        return answered;
    }

    /** The request's body, not wanted any more as soon as the answer has been sent. */
    BodyReader body() {
        return body;
    }

    /** Answers, unless that has happened. */
    void answer(Answer answer) {
        if (!answered && !over) {
            means.cors().addTo(exchange.getRequestHeaders(), answer.headers());
            send(answer);
        }
    }

    /** The same without a word about other origins. */
    void answerPlainly(Answer answer) {
        if (!answered && !over) {
            send(answer);
        }
    }

    private void send(Answer answer) {
        HeaderMap headers = answer.headers();
        headers.remove(io.undertow.util.Headers.CONTENT_LENGTH);
        head(answer.status(), headers);
        exchange.setResponseContentLength(answer.body().length);
        begin(once(answer.body()));
    }

    private static Source once(byte[] bytes) {
        return new Source() {
            private @Nullable ByteBuffer left = bytes.length == 0 ? null : ByteBuffer.wrap(bytes);

            @Override
            public @Nullable ByteBuffer next() {
                ByteBuffer next = left;
                left = null;
                return next;
            }

            @Override
            public boolean isEnded() {
                return left == null;
            }
        };
    }

    /** Begins an answer whose body comes as it comes; {@link #wake()} says when. */
    void stream(int status, HeaderMap headers, Source from) {
        if (!answered && !over) {
            means.cors().addTo(exchange.getRequestHeaders(), headers);
            head(status, headers);
            boolean bodiless = exchange.getRequestMethod().equals(Methods.HEAD) || status == 204 || status == 304;
            begin(bodiless ? once(new byte[0]) : from);
            PeerWatch.begin(exchange);
        }
    }

    private void head(int status, HeaderMap headers) {
        answered = true;
        means.events().answered(status, System.nanoTime() - begunNs);
        exchange.setStatusCode(status);
        Answer.putAll(headers, exchange.getResponseHeaders());
        if (!exchange.isRequestComplete()) {
            exchange.setPersistent(false);
        }
    }

    private void begin(Source from) {
        source = from;
        sink = exchange.getResponseChannel();
        pump();
    }

    /** There may be more to send. */
    void wake() {
        if (source != null && !over) {
            pump();
        }
    }

    private void pump() {
        Source from = source;
        StreamSinkChannel to = sink;
        if (over || from == null || to == null) {
            return;
        }
        try {
            int pieces = 0;
            for (ByteBuffer bytes = next(from); bytes != null; bytes = next(from)) {
                if (++pieces > STRETCH) {
                    onIo(this::pump);
                    return;
                }
                while (bytes.hasRemaining()) {
                    if (to.write(bytes) == 0) {
                        waitForRoom(to, this::pump);
                        return;
                    }
                    unlimited();
                }
                pending = null;
            }
            if (from.isEnded()) {
                source = null;
                to.shutdownWrites();
                finish();
            } else if (to.flush()) {
                unlimited();
                to.suspendWrites();
            } else {
                waitForRoom(to, this::pump);
            }
        } catch (IOException e) {
            cut();
        }
    }

    private @Nullable ByteBuffer next(Source from) {
        if (pending == null) {
            pending = from.next();
        }
        return pending;
    }

    private void finish() {
        StreamSinkChannel to = sink;
        if (to == null || over) {
            return;
        }
        try {
            if (!to.flush()) {
                waitForRoom(to, this::finish);
                return;
            }
        } catch (IOException e) {
            cut();
            return;
        }
        unlimited();
        if (exchange.isRequestComplete()) {
            exchange.endExchange();
        } else if (HttpContinue.requiresContinueResponse(exchange)) {
            // It has not sent its body, and now never will.
            cut();
        } else {
            linger();
        }
    }

    private void waitForRoom(StreamSinkChannel to, Runnable then) {
        to.getWriteSetter().set(writable -> then.run());
        to.resumeWrites();
        if (limit == null) {
            limit = means.scheduler().after(STALLED, () -> onIo(this::stalled));
        }
    }

    private void stalled() {
        if (!over && limit != null) {
            means.events().stalled();
            cut();
        }
    }

    private void unlimited() {
        if (limit != null) {
            limit.cancel();
            limit = null;
        }
    }

    /** Closing at once could take the answer away from a client that is still sending. */
    private void linger() {
        limit = means.scheduler().after(LINGER, () -> onIo(this::cut));
        body.pieces(LINGER_BYTES, new BodyReader.Sink() {
            @Override
            public boolean take(byte[] piece) {
                return true;
            }

            @Override
            public void ended() {
                exchange.endExchange();
            }

            @Override
            public void tooLarge() {
                cut();
            }
        });
    }

    /** Ends it all, at once. */
    void cut() {
        if (!over) {
            IoUtils.safeClose(exchange.getConnection());
        }
    }
}
