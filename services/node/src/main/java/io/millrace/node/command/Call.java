package io.millrace.node.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Invokes a function over HTTP. */
@Command(name = "call", mixinStandardHelpOptions = true, description = "Invokes a function and prints its result.")
final class Call implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "function", description = "For instance state::set.")
    private String function = "";

    @Parameters(
            index = "1",
            paramLabel = "json",
            arity = "0..1",
            defaultValue = "{}",
            description = "What it is given (default: {}).")
    private String payload = "{}";

    @Option(
            names = "--url",
            defaultValue = "http://localhost:3113",
            description = "The admin API (default: ${DEFAULT-VALUE}).")
    private String url = "";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        URI uri = Urls.below(spec, url, "http", "/v1/functions/" + Urls.segment(function));
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofMinutes(5))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(payload))
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            boolean done = answer.statusCode() / 100 == 2;
            (done ? spec.commandLine().getOut() : err).println(answer.body());
            return done ? 0 : 1;
        } catch (IOException e) {
            err.println("millrace: " + Urls.unreachable(url, e));
            return 1;
        }
    }
}
