package io.millrace.loadtest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Results as Markdown. */
final class Table {
    static final String HEAD =
            "| target | load | p50 ms | p99 ms | max ms | answered/s |%n|---|---|--:|--:|--:|--:|".formatted();

    private Table() {}

    static String row(Measured run) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.2f | %.2f | %.1f | %,.0f |",
                run.target(),
                run.load().name(),
                run.p50Ms(),
                run.p99Ms(),
                run.maxMs(),
                run.perSecond());
    }

    /** Each target's median run against those of the targets before it, load by load. */
    static List<String> ratios(List<Measured> runs) {
        Map<String, Map<String, List<Measured>>> byLoad = new LinkedHashMap<>();
        for (Measured run : runs) {
            byLoad.computeIfAbsent(run.load().name(), ignored -> new LinkedHashMap<>())
                    .computeIfAbsent(run.target(), ignored -> new ArrayList<>())
                    .add(run);
        }
        List<String> lines = new ArrayList<>();
        byLoad.forEach((load, byTarget) -> {
            List<Map.Entry<String, List<Measured>>> targets = List.copyOf(byTarget.entrySet());
            for (int i = 1; i < targets.size(); i++) {
                for (Map.Entry<String, List<Measured>> floor : targets.subList(0, i)) {
                    lines.add(
                            ratio(load, targets.get(i).getKey(), targets.get(i).getValue(), floor.getValue()));
                }
            }
        });
        return lines;
    }

    private static String ratio(String load, String target, List<Measured> runs, List<Measured> floor) {
        String floorName = floor.getFirst().target();
        return switch (floor.getFirst().load()) {
            case Load.Open ignored ->
                String.format(
                        Locale.ROOT,
                        "%s at %s: p50 %.2f x %s",
                        target,
                        load,
                        median(runs, true) / median(floor, true),
                        floorName);
            case Load.Closed ignored ->
                String.format(
                        Locale.ROOT,
                        "%s with %s: %.0f %% of the throughput of %s",
                        target,
                        load,
                        100 * median(runs, false) / median(floor, false),
                        floorName);
        };
    }

    private static double median(List<Measured> runs, boolean latency) {
        double[] sorted = runs.stream()
                .mapToDouble(latency ? Measured::p50Ms : Measured::perSecond)
                .sorted()
                .toArray();
        return sorted[sorted.length / 2];
    }
}
