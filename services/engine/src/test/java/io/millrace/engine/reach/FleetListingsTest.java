package io.millrace.engine.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.function.Outcome;
import io.millrace.engine.reach.Fleet.Program;
import io.millrace.engine.worker.ToWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What {@code engine::*} shows of other nodes. */
class FleetListingsTest {
    private final Fleet fleet = new Fleet();
    private final Fleet.Node a = fleet.node("a");
    private final Fleet.Node b = fleet.node("b");

    private static List<String> each(JsonNode list, String field) {
        List<String> all = new ArrayList<>();
        list.forEach(one -> all.add(one.path(field).asString("")));
        return all;
    }

    @Test
    void functionsOfAllNodesAreListedOnceWithTheirWorkersNames() {
        fleet.links.healAll();
        b.connect().serves("far").serves("both").is("bob");
        Program alice = a.connect().serves("both").is("alice");

        JsonNode all = a.call("engine::functions::list", "{}").path("functions");
        assertThat(each(all, "function_id")).contains("far", "both").doesNotHaveDuplicates();
        JsonNode bobs =
                a.call("engine::functions::list", "{\"worker\":\"bob\"}").path("functions");
        assertThat(each(bobs, "function_id")).contains("far");
        JsonNode alices = a.call("engine::functions::list", "{\"worker\":\"" + alice.id() + "\"}")
                .path("functions");
        assertThat(each(alices, "function_id")).containsExactly("both");
    }

    @Test
    void aFunctionIsDescribedWithTriggersOfOtherNodes() {
        fleet.links.healAll();
        b.connect().serves("f").wants("t", "x", "f", "{\"c\":1}");

        JsonNode info = a.call("engine::functions::info", "{\"function_id\":\"f\"}");

        assertThat(each(info.path("registered_triggers"), "id")).containsExactly("t");
        assertThat(info.path("request_schema").path("type").asString("")).isEqualTo("object");
    }

    @Test
    void workersAndTriggersOfAllNodesAreListedAndDescribed() {
        fleet.links.healAll();
        Program bob = b.connect()
                .provides("rain")
                .serves("f")
                .wants("t", "log", "f", "{}")
                .is("bob");
        a.connect().is("alice").wants("u", "rain", "f", "{}");

        assertThat(each(
                        a.call("engine::workers::list", "{\"status\":\"connected\"}")
                                .path("workers"),
                        "name"))
                .containsExactly("alice", "bob");
        JsonNode info = a.call("engine::workers::info", "{\"name\":\"bob\"}");
        assertThat(info.path("worker").path("id").asString("")).isEqualTo(bob.id());
        assertThat(info.path("worker").path("pid").asInt(0)).isEqualTo(7);
        assertThat(info.path("worker").path("ip_address").asString("")).isEqualTo("10.0.0.1");
        assertThat(each(info.path("functions"), "function_id")).containsExactly("f");
        assertThat(each(info.path("trigger_types"), "id")).containsExactly("rain");
        assertThat(each(info.path("registered_triggers"), "id")).containsExactly("t");
        assertThat(each(a.call("engine::registered-triggers::list", "{}").path("registered_triggers"), "id"))
                .containsExactlyInAnyOrder("t", "u");
        assertThat(a.call("engine::registered-triggers::info", "{\"id\":\"t\"}")
                        .path("worker_name")
                        .asString(""))
                .isEqualTo("bob");
        assertThat(b.call("engine::triggers::info", "{\"id\":\"rain\"}")
                        .path("instance_count")
                        .asInt(-1))
                .isEqualTo(1);
    }

    @Test
    void aNodeThatDoesNotAnswerIsLeftOut() {
        fleet.links.healAll();
        b.connect().is("bob");
        a.connect().is("alice");
        fleet.links.hold("b", "a");

        CompletableFuture<Outcome> listing = a.invoke("engine::workers::list", "{\"status\":\"connected\"}");
        assertThat(listing).isNotDone();
        fleet.time.pass(Duration.ofSeconds(3));
        fleet.links.expire();

        assertThat(each(((Outcome.Result) listing.join()).value().tree().path("workers"), "name"))
                .containsExactly("alice");
    }

    @Test
    void whoWatchesWorkersAndFunctionsIsToldOfOtherNodesOnes() {
        fleet.links.healAll();
        Program watcher = a.connect().serves("watch");
        watcher.wants("w", "engine::workers-available", "watch", "{}");
        Program bob = b.connect().is("bob");
        fleet.links.cut("a", "b");

        List<String> events = watcher.got(ToWorker.Invoke.class).stream()
                .map(call -> call.data().tree())
                .filter(event -> event.path("worker_id").asString("").equals(bob.id()))
                .map(event -> event.path("event").asString(""))
                .toList();
        assertThat(events).containsExactly("worker_connected", "worker_metadata_updated", "worker_disconnected");

        fleet.links.heal("a", "b");
        watcher.wants("f", "engine::functions-available", "watch", "{}");
        b.connect().serves("new");
        fleet.time.pass(Duration.ofSeconds(1));
        assertThat(each(watcher.called().data().tree().path("functions"), "function_id"))
                .contains("new", "watch");
    }
}
