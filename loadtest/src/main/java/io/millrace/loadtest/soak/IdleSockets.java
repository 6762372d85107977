package io.millrace.loadtest.soak;

import io.millrace.loadtest.soak.Footprint.Held;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a socket costs that only listens, and which classes hold it. */
@Command(
        name = "idle",
        description = "What an idle subscribed socket costs the node: live heap, and memory beside the heap.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class IdleSockets implements Callable<Integer> {
    /** The heap is all there from the beginning, so that the system's figure grows by what is not heap. */
    private static final String JAVA_OPTIONS = "-Xms1g -Xmx1g -XX:+AlwaysPreTouch";

    /** What a browser adds to a handshake. */
    private static final String BROWSER = """
            Origin: https://app.example\r
            User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r
            Accept-Encoding: gzip, deflate, br, zstd\r
            Accept-Language: en-US,en;q=0.9\r
            Cache-Control: no-cache\r
            Pragma: no-cache\r
            Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r
            """;

    private static final int WARM_UP_SOCKETS = 100;

    @Mixin
    private NodeOptions node = new NodeOptions();

    @Option(names = "--sockets", description = "sockets that only listen")
    private int sockets = 10_000;

    @Option(names = "--groups", description = "groups they listen to")
    private int groups = 50;

    @Option(names = "--cursors", description = "whether they ask for cursors")
    private boolean cursors;

    @Option(names = "--browser", description = "whether their handshakes have a browser's headers")
    private boolean browser;

    @Option(names = "--classes", description = "how many classes to show")
    private int classes = 30;

    @Override
    public Integer call() throws InterruptedException {
        try (NodeUnderLoad opened = node.open(JAVA_OPTIONS, List.of());
                Listeners listeners = new Listeners(opened.gateway(), browser ? BROWSER : "")) {
            String more = cursors ? ",\"cursors\":true" : "";
            listeners.open(WARM_UP_SOCKETS, "idle", groups, more);
            Thread.sleep(3_000);
            Map<String, Held> heapBefore = heap(opened);
            long rssBefore = Footprint.rss(opened.pid());
            listeners.open(sockets, "idle", groups, more);
            Thread.sleep(5_000);
            Map<String, Held> heapAfter = heap(opened);
            long rssAfter = Footprint.rss(opened.pid());
            print(heapBefore, heapAfter, rssAfter - rssBefore);
            return listeners.counts().lost().sum() == 0 ? 0 : 1;
        }
    }

    /** Twice, since what the first collection finds to be closed goes with the second only. */
    private static Map<String, Held> heap(NodeUnderLoad node) {
        Footprint.heap(node.pid());
        return Footprint.heap(node.pid());
    }

    private void print(Map<String, Held> before, Map<String, Held> after, long rss) {
        Map<String, Held> grown = new LinkedHashMap<>();
        after.forEach((name, held) -> {
            Held was = before.getOrDefault(name, new Held(0, 0));
            grown.put(name, new Held(held.instances() - was.instances(), held.bytes() - was.bytes()));
        });
        long heap = grown.values().stream().mapToLong(Held::bytes).sum();
        System.out.printf(
                "%,d sockets, %d groups%s%s; of each: %,d bytes of heap, %,d bytes beside it (RSS), %,d in all%n",
                sockets,
                groups,
                cursors ? ", cursors" : "",
                browser ? ", browsers" : "",
                heap / sockets,
                rss / sockets,
                (heap + rss) / sockets);
        System.out.println("| class | of each | bytes |\n|---|--:|--:|");
        grown.entrySet().stream()
                .sorted(Comparator.comparingLong(
                        (Map.Entry<String, Held> entry) -> -entry.getValue().bytes()))
                .limit(classes)
                .forEach(entry -> System.out.printf(
                        "| `%s` | %.2f | %.0f |%n",
                        entry.getKey(),
                        (double) entry.getValue().instances() / sockets,
                        (double) entry.getValue().bytes() / sockets));
    }
}
