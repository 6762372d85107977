package io.millrace.node.run;

import io.millrace.node.config.NodeConfig;
import java.time.Duration;
import java.util.Locale;

/** What a person sees when a node is up: where everything is, and how to try it. */
final class Greeting {
    private Greeting() {}

    static String of(NodeConfig config, Places places, Duration took) {
        String prefix = config.broker().topicPrefix();
        String gateway = url("ws", config.gateway().host(), places.gatewayPort());
        String workers = url("ws", config.workers().host(), places.workersPort());
        String admin = url("http", config.admin().host(), places.adminPort());
        String inside = config.broker().isEmbedded() ? " (inside this process)" : "";
        String gatewayOption = places.gatewayPort() == 3112 ? "" : " --url " + gateway;
        String kafkaOption =
                places.bootstrap().equals("localhost:9092") ? "" : " --bootstrap-server " + places.bootstrap();
        return """

                Millrace is up after %s s.

                  streams  %s/stream/{stream}/{group}
                  workers  %s
                  http     %s  (what http triggers serve)
                  admin    %s  (/v1/functions, /health/ready, /metrics)
                  kafka    %s%s, topics %sstate.changes, %<sstream.changes, %<sstream.events
                  files    %s, node %s

                Try it, in another terminal:

                  ./millrace tail chat room%s
                  curl %s/v1/functions/stream::set -d '{"stream_name":"chat","group_id":"room","item_id":"1","data":{"text":"hello"}}'
                  ./millrace kafka console-consumer --topic %s --from-beginning%s

                Ctrl-C stops it.
                """.formatted(
                        String.format(Locale.ROOT, "%.1f", took.toMillis() / 1000.0),
                        gateway,
                        workers,
                        url("http", config.http().host(), places.httpPort()),
                        admin,
                        places.bootstrap(),
                        inside,
                        prefix,
                        config.home().dataFolder(),
                        places.nodeId(),
                        gatewayOption,
                        admin,
                        prefix + "stream.changes",
                        kafkaOption);
    }

    /** How this machine reaches a port; nobody can connect to "every network". */
    private static String url(String scheme, String host, int port) {
        String reached = host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
        return scheme + "://" + (reached.contains(":") && !reached.startsWith("[") ? "[" + reached + "]" : reached)
                + ":" + port;
    }
}
