package io.millrace.web.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.value.Json;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerRefusedException;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoutesTest {
    private final Routes routes = new Routes();

    @Test
    void anExactSegmentBeatsAParameterAndTheParameterStillGetsTheRest() {
        add("a", "GET", "/users/:id");
        add("b", "GET", "/users/me");
        add("c", "GET", "/:any/:thing/c");
        add("d", "GET", "/users/:id/d");

        assertThat(found("GET", "/users/me")).isEqualTo("b {}");
        assertThat(found("GET", "/users/7")).isEqualTo("a {id=7}");
        assertThat(found("GET", "/users/7/d")).isEqualTo("d {id=7}");
        assertThat(found("GET", "/users/7/c")).isEqualTo("c {any=users, thing=7}");
    }

    @Test
    void parametersAreRawAndNeverEmptyAndASlashAtTheEndCounts() {
        add("a", "GET", "/users/:id");
        add("b", "GET", "plain");
        add("c", "GET", "/");

        assertThat(found("GET", "/users/%20x")).isEqualTo("a {id=%20x}");
        assertThat(found("GET", "/users/")).isEqualTo("nobody");
        assertThat(found("GET", "/users/7/")).isEqualTo("nobody");
        assertThat(found("GET", "/plain")).isEqualTo("b {}");
        assertThat(found("GET", "/plain/")).isEqualTo("nobody");
        assertThat(found("GET", "/")).isEqualTo("c {}");
    }

    @Test
    void theLastRegistrationOfARouteWinsAndItsOwnerAloneRemovesIt() {
        Binding first = add("a", "GET", "/x");
        Binding second = add("b", "get", "x");

        assertThat(found("GET", "/x")).isEqualTo("b {}");
        routes.remove(first);
        assertThat(found("GET", "/x")).isEqualTo("b {}");
        routes.remove(second);
        assertThat(found("GET", "/x")).isEqualTo("nobody");
    }

    @Test
    void theOneBeforeAnswersAgainWhenTheLastIsGone() {
        add("a", "GET", "/x");
        Binding second = add("b", "GET", "/x");

        routes.remove(second);

        assertThat(found("GET", "/x")).isEqualTo("a {}");
    }

    @Test
    void aRouteOfAnotherNodeAnswersWhereNoneOfThisNodeDoes() {
        Binding far = new Binding(
                "far",
                "http",
                "f",
                Json.ofText("{\"api_path\":\"/users/:name\",\"http_method\":\"GET\"}"),
                null,
                "w",
                "b");
        routes.add(Route.of(far, new Turns(1)));
        assertThat(found("GET", "/users/1")).startsWith("far");

        Binding near = add("near", "GET", "/users/:id");
        assertThat(found("GET", "/users/1")).startsWith("near");
        routes.remove(far);
        routes.add(Route.of(far, new Turns(1)));
        assertThat(found("GET", "/users/1")).startsWith("near");
        routes.remove(near);
        assertThat(found("GET", "/users/1")).isEqualTo("far {name=1}");
        routes.remove(far);
        assertThat(found("GET", "/users/1")).isEqualTo("nobody");
    }

    @Test
    void otherNamesForTheSameParametersAreRefusedButNotAcrossMethods() {
        add("a", "GET", "/users/:id/posts/:post");
        add("b", "POST", "/users/:user/posts/:id");

        assertThat(found("POST", "/users/1/posts/2")).isEqualTo("b {user=1, id=2}");
        assertThatThrownBy(() -> add("c", "GET", "/users/:user/posts/:id"))
                .isInstanceOf(TriggerRefusedException.class)
                .hasMessage("Route 'GET /users/:user/posts/:id' conflicts with already-registered route"
                        + " 'GET /users/:id/posts/:post': routes with identical structure but different"
                        + " path-parameter names are not supported");
        assertThat(found("GET", "/users/1/posts/2")).isEqualTo("a {id=1, post=2}");
    }

    @Test
    void headIsServedByGetUnlessItHasItsOwn() {
        add("a", "GET", "/x");
        add("b", "GET", "/y");
        add("c", "HEAD", "/y");

        assertThat(found("HEAD", "/x")).isEqualTo("a {}");
        assertThat(found("HEAD", "/y")).isEqualTo("c {}");
    }

    @Test
    void otherMethodsOfAPathAreNamedAndOnesWeDoNotKnowAreNeverRouted() {
        add("a", "POST", "/x/:id");
        add("b", "GET", "/x/:name");
        add("c", "TRACE", "/x/:id");

        assertThat(routes.find("DELETE", "/x/1"))
                .isEqualTo(new Routes.Match.OtherMethods(Set.of("GET", "HEAD", "POST")));
        assertThat(routes.find("TRACE", "/x/1")).isInstanceOf(Routes.Match.OtherMethods.class);
    }

    @Test
    void aPathIsRequired() {
        for (String config : new String[] {"{}", "null", "{\"api_path\":7}", "[]"}) {
            Binding binding = new Binding("t", "http", "f", Json.ofText(config), null, null);
            assertThatThrownBy(() -> Route.of(binding, new Turns(1)))
                    .isInstanceOf(TriggerRefusedException.class)
                    .hasMessage("api_path is required for http triggers");
        }
    }

    private Binding add(String id, String method, String path) {
        Json config = Json.ofText("{\"api_path\":\"" + path + "\",\"http_method\":\"" + method + "\"}");
        Binding binding = new Binding(id, "http", "f", config, null, null);
        routes.add(Route.of(binding, new Turns(1)));
        return binding;
    }

    private String found(String method, String path) {
        return switch (routes.find(method, path)) {
            case Routes.Match.Found(Route route, var parameters) ->
                route.binding().id() + " " + parameters;
            case Routes.Match.OtherMethods(var methods) -> "only " + methods;
            case Routes.Match.Nobody ignored -> "nobody";
        };
    }
}
