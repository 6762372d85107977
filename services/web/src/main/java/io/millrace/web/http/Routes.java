package io.millrace.web.http;

import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerRefusedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which route answers what. Of two that fit, the one wins that has an exact segment first. Calls come from any thread. */
final class Routes {
    /** In the order in which {@code Allow} names them. */
    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

    private final Map<String, Branch> byMethod = new HashMap<>();

    /** What comes after the same segments. */
    private static final class Branch {
        private final Map<String, Branch> exact = new HashMap<>();
        private @Nullable Branch parameter;
        /** All that are registered for the same; the last one answers, and all of this node come last. */
        private final List<Route> routes = new ArrayList<>();

        private boolean isEmpty() {
            return exact.isEmpty() && parameter == null && routes.isEmpty();
        }

        private @Nullable Route route() {
            return routes.isEmpty() ? null : routes.getLast();
        }
    }

    /** Who answers. */
    sealed interface Match {
        /** This route; {@code parameters} are as sent. */
        record Found(Route route, Map<String, String> parameters) implements Match {}

        /** Nobody, but for these methods there is somebody. */
        record OtherMethods(Set<String> methods) implements Match {}

        /** Nobody. */
        record Nobody() implements Match {}
    }

    /**
     * Adds a route, before all others of the same method and path; but one of another node answers only where none of this
     * node does.
     *
     * @throws TriggerRefusedException if one of this node is there that differs by nothing but the names of its parameters
     */
    synchronized void add(Route route) {
        Branch branch = byMethod.computeIfAbsent(route.method(), ignored -> new Branch());
        for (String segment : route.pattern().segments()) {
            if (!RoutePattern.isParameter(segment)) {
                branch = branch.exact.computeIfAbsent(segment, ignored -> new Branch());
                continue;
            }
            Branch next = branch.parameter == null ? new Branch() : branch.parameter;
            branch.parameter = next;
            branch = next;
        }
        Route before = route.isRemote() ? null : branch.route();
        if (before != null
                && !before.isRemote()
                && !before.pattern().names().equals(route.pattern().names())) {
            throw new TriggerRefusedException(
                    "Route '%s %s' conflicts with already-registered route '%s %s': routes with identical structure but different path-parameter names are not supported"
                            .formatted(
                                    route.method(),
                                    route.pattern().given(),
                                    before.method(),
                                    before.pattern().given()));
        }
        branch.routes.add(route.isRemote() ? 0 : branch.routes.size(), route);
    }

    /** Takes the routes of a trigger away. */
    synchronized void remove(Binding binding) {
        byMethod.values().removeIf(branch -> prune(branch, binding));
    }

    private static boolean prune(Branch branch, Binding binding) {
        branch.routes.removeIf(route -> route.binding().equals(binding));
        branch.exact.values().removeIf(next -> prune(next, binding));
        if (branch.parameter != null && prune(branch.parameter, binding)) {
            branch.parameter = null;
        }
        return branch.isEmpty();
    }

    /** Who answers {@code method} on {@code path}, which is as sent. A GET route answers HEAD if there is no other. */
    synchronized Match find(String method, String path) {
        List<String> segments = RoutePattern.segmentsOf(path);
        Route route = route(method, segments);
        if (route == null && method.equals("HEAD")) {
            route = route("GET", segments);
        }
        if (route != null) {
            return new Match.Found(route, route.pattern().parameters(segments));
        }
        Set<String> others = new LinkedHashSet<>();
        for (String other : METHODS) {
            boolean served = route(other, segments) != null || (other.equals("HEAD") && others.contains("GET"));
            if (served) {
                others.add(other);
            }
        }
        return others.isEmpty() ? new Match.Nobody() : new Match.OtherMethods(others);
    }

    private @Nullable Route route(String method, List<String> segments) {
        Branch root = METHODS.contains(method) ? byMethod.get(method) : null;
        return root == null ? null : route(root, segments, 0);
    }

    private static @Nullable Route route(Branch branch, List<String> segments, int at) {
        if (at == segments.size()) {
            return branch.route();
        }
        String segment = segments.get(at);
        Branch exact = branch.exact.get(segment);
        Route found = exact == null ? null : route(exact, segments, at + 1);
        if (found == null && branch.parameter != null && !segment.isEmpty()) {
            found = route(branch.parameter, segments, at + 1);
        }
        return found;
    }
}
