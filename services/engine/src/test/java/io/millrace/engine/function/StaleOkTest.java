package io.millrace.engine.function;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.port.StoreClosedException;
import org.junit.jupiter.api.Test;

/** What callers get that would take an older answer. */
final class StaleOkTest {
    private final Caller caller = new Caller();

    @Test
    void aGetTellsWhatThereIsAndHowOldItIs() {
        caller.call("state::set", "{'scope':'s','key':'k','value':{'a':1}}");
        assertThat(caller.result("state::get", "{'scope':'s','key':'k','stale_ok':true}"))
                .isEqualTo("{\"value\":{\"a\":1},\"version\":1700000000000000,\"stale\":false,"
                        + "\"position\":{\"partition\":0,\"offset\":1},\"age_ms\":0}");
    }

    @Test
    void aMissingValueHasNoVersionAndAStoredNullHasOne() {
        assertThat(caller.result("stream::get", "{'stream_name':'s','group_id':'g','item_id':'i','stale_ok':true}"))
                .startsWith("{\"value\":null,\"version\":null,\"stale\":false,");
        caller.call("stream::set", "{'stream_name':'s','group_id':'g','item_id':'i','data':null}");
        assertThat(caller.result("stream::get", "{'stream_name':'s','group_id':'g','item_id':'i','stale_ok':true}"))
                .startsWith("{\"value\":null,\"version\":1700000000000000,\"stale\":false,");
    }

    @Test
    void onlyTheValueThatIsAskedForIsLookedAt() {
        caller.call("state::set", "{'scope':'s','key':'k','value':1}");
        caller.call("state::set", "{'scope':'s','key':'k2','value':2}");
        caller.call("state::delete", "{'scope':'s','key':'k'}");
        assertThat(caller.result("state::get", "{'scope':'s','key':'k','stale_ok':true}"))
                .startsWith("{\"value\":null,\"version\":null,");
    }

    @Test
    void aListIsAlwaysAnObject() {
        caller.call("state::set", "{'scope':'s','key':'k','value':1}");
        caller.call("state::set", "{'scope':'s','key':'l','value':[2]}");
        String provenance = ",\"stale\":false,\"position\":{\"partition\":0,\"offset\":2},\"age_ms\":0}";
        assertThat(caller.result("state::list", "{'scope':'s','stale_ok':true}"))
                .isEqualTo("{\"items\":[1,[2]]" + provenance);
        assertThat(caller.result("state::list", "{'scope':'s','stale_ok':true,'keys':true,'limit':1}"))
                .isEqualTo("{\"items\":[{\"key\":\"k\",\"value\":1,\"version\":1700000000000000}],\"cursor\":\"aw\""
                        + provenance);
        assertThat(caller.result("state::list", "{'scope':'s','stale_ok':true,'keys':true,'cursor':'bQ','prefix':'k'}"))
                .isEqualTo("{\"items\":[]" + provenance);
        assertThat(caller.store.cutsOpen).isZero();
    }

    @Test
    void withoutTheFlagEverythingIsAsItWas() {
        caller.call("state::set", "{'scope':'s','key':'k','value':1}");
        assertThat(caller.result("state::get", "{'scope':'s','key':'k','stale_ok':false}"))
                .isEqualTo("1");
        assertThat(caller.result("state::list", "{'scope':'s','stale_ok':null}"))
                .isEqualTo("[1]");
        assertThat(caller.failure("state::get", "{'scope':'s','key':'k','stale_ok':1}")
                        .code())
                .isEqualTo("deserialization_error");
    }

    @Test
    void aSnapshotThatBreaksOffIsTakenAgainAFewTimes() {
        caller.call("state::set", "{'scope':'s','key':'k','value':1}");
        caller.store.failWhileIteratingWith(new StoreClosedException("gone", null));

        assertThat(caller.failure("state::list", "{'scope':'s'}").retriable()).isTrue();
        assertThat(caller.store.cutsTaken).isEqualTo(5);
        assertThat(caller.store.cutsOpen).isZero();
    }
}
