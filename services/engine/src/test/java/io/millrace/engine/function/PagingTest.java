package io.millrace.engine.function;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class PagingTest {
    private final Caller caller = new Caller();

    @Test
    void pagesTogetherGiveEveryItemOnceInTheOrderOfTheKeys() {
        String[] keys = {"a", "a\"", "a\\", "a,", "b", "user:1", "user:10", "user:2", "ü", "\uff5a", "😀", "😀😀", ""};
        for (String key : keys) {
            set(key);
        }
        List<String> listed = pages("{'scope':'s','keys':true,'limit':3%s}");
        assertThat(listed).containsExactlyInAnyOrder(keys);
        assertThat(pages("{'scope':'s','keys':true,'limit':100%s}")).isEqualTo(listed);
        assertThat(pages("{'scope':'s','keys':true%s}")).isEqualTo(listed);
    }

    @Test
    void aPageSaysWhereToGoOnOnlyIfThereIsMore() {
        set("a");
        set("b");
        set("c");
        assertThat(caller.result("state::list", "{'scope':'s','keys':true,'limit':2}"))
                .isEqualTo("{\"items\":[{\"key\":\"a\",\"value\":\"v\",\"version\":1700000000000000},"
                        + "{\"key\":\"b\",\"value\":\"v\",\"version\":1700000000000001}],\"cursor\":\"Yg\"}");
        assertThat(caller.result("state::list", "{'scope':'s','keys':true,'limit':2,'cursor':'Yg'}"))
                .isEqualTo("{\"items\":[{\"key\":\"c\",\"value\":\"v\",\"version\":1700000000000002}]}");
        assertThat(caller.result("state::list", "{'scope':'s','keys':true,'limit':3}"))
                .doesNotContain("cursor");
        assertThat(caller.result("state::list", "{'scope':'x','keys':true,'limit':3}"))
                .isEqualTo("{\"items\":[]}");
    }

    @Test
    void aPrefixIsOfTheNameItself() {
        set("user:1");
        set("user:\"2");
        set("use");
        set("users");
        assertThat(pages("{'scope':'s','keys':true,'limit':1,'prefix':'user:'%s}"))
                .containsExactly("user:1", "user:\"2");
        assertThat(pages("{'scope':'s','keys':true,'limit':1,'prefix':'user:\\\"'%s}"))
                .containsExactly("user:\"2");
        assertThat(pages("{'scope':'s','keys':true,'limit':1,'prefix':''%s}")).hasSize(4);
    }

    @Test
    void withoutKeysLimitAndCursorCountToo() {
        set("a");
        set("b");
        set("c");
        assertThat(caller.result("state::list", "{'scope':'s','limit':2}")).isEqualTo("[\"v\",\"v\"]");
        assertThat(caller.result("state::list", "{'scope':'s','limit':2,'cursor':'Yg'}"))
                .isEqualTo("[\"v\"]");
        assertThat(caller.result("state::list", "{'scope':'s','prefix':'c'}")).isEqualTo("[\"v\"]");
    }

    @Test
    void aCursorBeyondThePrefixGivesNothing() {
        set("a");
        set("b");
        assertThat(caller.result("state::list", "{'scope':'s','prefix':'a','cursor':'Yg'}"))
                .isEqualTo("[]");
        assertThat(caller.result("state::list", "{'scope':'s','prefix':'a','cursor':'Yg','keys':true}"))
                .isEqualTo("{\"items\":[]}");
    }

    @Test
    void aCursorBeforeThePrefixStartsWithIt() {
        set("a");
        set("b");
        assertThat(pages("{'scope':'s','prefix':'b','keys':true,'cursor':'YQ'%s}"))
                .containsExactly("b");
    }

    @Test
    void streamsArePagedByItemId() {
        caller.call("stream::set", "{'stream_name':'s','group_id':'g','item_id':'1','data':1}");
        caller.call("stream::set", "{'stream_name':'s','group_id':'g','item_id':'2','data':2}");
        assertThat(caller.result("stream::list", "{'stream_name':'s','group_id':'g','keys':true,'limit':1}"))
                .isEqualTo("{\"items\":[{\"key\":\"1\",\"value\":1,\"version\":1700000000000000}],\"cursor\":\"MQ\"}");
    }

    @Test
    void aListThatWouldBeTooLargeIsRefusedAndSaysHowToAsk() {
        String large = "x".repeat(900);
        for (int i = 0; i < 12; i++) {
            caller.call("state::set", "{'scope':'s','key':'" + i + "','value':'" + large + "'}");
            caller.call(
                    "stream::set", "{'stream_name':'s','group_id':'g','item_id':'" + i + "','data':'" + large + "'}");
        }
        assertThat(caller.failure("state::list", "{'scope':'s'}"))
                .isEqualTo(new Outcome.Failure(
                        "LIST_ERROR",
                        "Failed to list values: the result exceeds 10000 bytes;"
                                + " ask in parts, with keys, limit and cursor"));
        assertThat(caller.failure("stream::list", "{'stream_name':'s','group_id':'g'}")
                        .code())
                .isEqualTo("STREAM_GET_GROUP_ERROR");
        assertThat(caller.store.cutsOpen).isZero();
    }

    @Test
    void aPageEndsBeforeItWouldBecomeTooLarge() {
        String large = "x".repeat(900);
        for (char key = 'a'; key < 'a' + 20; key++) {
            caller.call("state::set", "{'scope':'s','key':'" + key + "','value':'" + large + "'}");
        }
        String first = caller.result("state::list", "{'scope':'s','keys':true}");
        assertThat(first.length()).isBetween(5_000, 10_000);
        assertThat(first).contains("\"cursor\":");
        assertThat(pages("{'scope':'s','keys':true%s}")).hasSize(20);
    }

    @Test
    void snapshotsAreWalkedThroughOnTheGivenExecutorAndClosed() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        Caller later = new Caller(Caller.LIMITS, tasks::add);
        later.call("state::set", "{'scope':'s','key':'a','value':1}");
        CompletionStage<Outcome> listing = later.start("state::list", "{'scope':'s'}");
        later.call("state::set", "{'scope':'s','key':'b','value':2}");
        assertThat(listing).isNotCompleted();
        assertThat(later.store.cutsOpen).isEqualTo(1);
        tasks.remove().run();
        assertThat(listing).isCompletedWithValue(new Outcome.Result(Json.ofText("[1]")));
        assertThat(later.store.cutsOpen).isZero();
    }

    @Test
    void aSnapshotThatNobodyTakesIsClosed() {
        Caller closing = new Caller(Caller.LIMITS, task -> {
            throw new RejectedExecutionException("closing");
        });
        assertThat(closing.failure("state::list", "{'scope':'s'}"))
                .isEqualTo(new Outcome.Failure("LIST_ERROR", "Failed to list values: closing", true, null));
        assertThat(closing.store.cutsTaken).isEqualTo(1);
        assertThat(closing.store.cutsOpen).isZero();
    }

    @Test
    void aSnapshotThatFailsOnTheWayIsClosed() {
        caller.store.failWhileIteratingWith(new IllegalStateException("broken"));
        assertThat(caller.failure("state::list", "{'scope':'s','keys':true}"))
                .isEqualTo(new Outcome.Failure("LIST_ERROR", "Failed to list values: broken"));
        assertThat(caller.store.cutsOpen).isZero();
    }

    private void set(String key) {
        String quoted = key.replace("\\", "\\\\").replace("\"", "\\\"");
        caller.call("state::set", "{'scope':'s','key':'" + quoted + "','value':'v'}");
    }

    /** The keys of all pages. The request has a place for the cursor. */
    private List<String> pages(String request) {
        List<String> keys = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = Json.ofText(caller.result("state::list", request.formatted(cursor)))
                    .tree();
            page.get("items").forEach(item -> keys.add(item.get("key").stringValue()));
            JsonNode next = page.get("cursor");
            cursor = next == null ? "" : ",'cursor':'" + next.stringValue() + "'";
        } while (!cursor.isEmpty());
        return keys;
    }
}
