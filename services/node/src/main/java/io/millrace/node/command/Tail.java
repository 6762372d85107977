package io.millrace.node.command;

import io.millrace.node.run.StartException;
import io.millrace.node.run.Termination;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what a stream's subscribers get. */
@Command(
        name = "tail",
        mixinStandardHelpOptions = true,
        description = "Subscribes to a group of a stream, or one item, and prints each frame as a line until Ctrl-C.")
final class Tail implements Callable<Integer> {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    @Parameters(index = "0", description = "The stream's name.")
    private String stream = "";

    @Parameters(index = "1", description = "The group.")
    private String group = "";

    @Parameters(index = "2", arity = "0..1", description = "The item, if only one is wanted.")
    private Optional<String> item = Optional.empty();

    @Option(
            names = "--url",
            defaultValue = "ws://localhost:3112",
            description = "The gateway (default: ${DEFAULT-VALUE}).")
    private String url = "";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        URI uri = Urls.below(
                spec,
                url,
                "ws",
                "/stream/" + Urls.segment(stream) + "/" + Urls.segment(group)
                        + item.map(id -> "/" + Urls.segment(id)).orElse(""));
        PrintWriter err = spec.commandLine().getErr();
        try (Termination termination = Termination.onSignal(Duration.ofSeconds(2));
                HttpClient client = HttpClient.newBuilder()
                        .connectTimeout(Duration.ofSeconds(5))
                        .build()) {
            Duration pause = FIRST_PAUSE;
            String said = "";
            while (true) {
                TailSocket socket = new TailSocket(spec.commandLine().getOut());
                Optional<WebSocket> open = open(client, uri, socket);
                if (open.isPresent()) {
                    pause = FIRST_PAUSE;
                    said = "";
                    CompletableFuture.anyOf(socket.ended(), termination.asked()).join();
                    open.get().abort();
                }
                String why = socket.ended().getNow("asked to stop");
                if (!termination.asked().isDone() && !why.equals(said)) {
                    err.println("millrace: " + why + "; trying again until it works");
                }
                said = why;
                if (termination.askedWithin(pause)) {
                    return 0;
                }
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    /** Connects, or tells the socket why that did not work. */
    private Optional<WebSocket> open(HttpClient client, URI uri, TailSocket socket) {
        try {
            return Optional.of(client.newWebSocketBuilder()
                    .connectTimeout(Duration.ofSeconds(5))
                    .buildAsync(uri, socket)
                    .join());
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                int status = refused.getResponse().statusCode();
                if (status / 100 == 4) {
                    throw new StartException(uri + " is refused with HTTP status " + status);
                }
                socket.ended().complete(uri + " answers with HTTP status " + status);
            } else if (e.getCause() instanceof IOException failure) {
                socket.ended().complete(Urls.unreachable(url, failure));
            } else {
                throw e;
            }
            return Optional.empty();
        }
    }
}
