package io.millrace.node.run;

import io.millrace.node.config.NodeConfig;
import java.time.Duration;
import java.util.Locale;

/** What a person sees when a node is up: where everything is, and how to try it. */
final class Greeting {
    private Greeting() {}

    static String of(NodeConfig config, Places places, Duration took) {
        String prefix = config.broker().topicPrefix();
        String admin = url("http", config.admin().host(), places.adminPort());
        String inside = config.broker().isEmbedded() ? " (inside this process)" : "";
        return """

                Millrace is up after %s s.

                %s  admin    %s  (/v1/functions, /health/ready, /metrics)
                  kafka    %s%s, topics %sstate.changes, %<sstream.changes, %<sstream.events
                  files    %s, node %s
                %s
                Ctrl-C stops it.
                """.formatted(
                String.format(Locale.ROOT, "%.1f", took.toMillis() / 1000.0),
                places.edge().map(edge -> ports(config, edge)).orElse(""),
                admin,
                places.bootstrap(),
                inside,
                prefix,
                config.home().dataFolder(),
                places.nodeId(),
                places.edge().map(edge -> trial(config, places, edge, admin)).orElse(""));
    }

    private static String ports(NodeConfig config, Places.Edge edge) {
        return """
                  streams  %s/stream/{stream}/{group}
                  workers  %s
                  http     %s  (what http triggers serve)
                """.formatted(
                        url("ws", config.gateway().host(), edge.gatewayPort()),
                        url("ws", config.workers().host(), edge.workersPort()),
                        url("http", config.http().host(), edge.httpPort()));
    }

    private static String trial(NodeConfig config, Places places, Places.Edge edge, String admin) {
        String gatewayOption = edge.gatewayPort() == 3112
                ? ""
                : " --url " + url("ws", config.gateway().host(), edge.gatewayPort());
        String kafkaOption =
                places.bootstrap().equals("localhost:9092") ? "" : " --bootstrap-server " + places.bootstrap();
        return """

                Try it, in another terminal:

                  ./millrace tail chat room%s
                  curl %s/v1/functions/stream::set -d '{"stream_name":"chat","group_id":"room","item_id":"1","data":{"text":"hello"}}'
                  ./millrace kafka console-consumer --topic %s --from-beginning%s
                """.formatted(gatewayOption, admin, config.broker().topicPrefix() + "stream.changes", kafkaOption);
    }

    /** How this machine reaches a port; nobody can connect to "every network". */
    private static String url(String scheme, String host, int port) {
        String reached = host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
        return scheme + "://" + (reached.contains(":") && !reached.startsWith("[") ? "[" + reached + "]" : reached)
                + ":" + port;
    }
}
