package io.millrace.engine.function;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.change.Version;
import org.junit.jupiter.api.Test;

final class ConditionalWritesTest {
    private final Caller caller = new Caller();

    @Test
    void aWriteWithTheRightVersionHappens() {
        caller.call("state::set", "{'scope':'s','key':'k','value':1,'if_version':0}");
        assertThat(caller.result("state::set", "{'scope':'s','key':'k','value':2,'if_version':1700000000000000}"))
                .isEqualTo("{\"old_value\":1,\"new_value\":2,\"version\":1700000000000001}");
        assertThat(caller.result("state::delete", "{'scope':'s','key':'k','if_version':1700000000000001}"))
                .isEqualTo("2");
    }

    @Test
    void aWriteWithAnotherVersionIsRefusedAndToldTheCurrentOne() {
        caller.call("state::set", "{'scope':'s','key':'k','value':1}");
        Version current = new Version(1_700_000_000_000_000L);
        assertThat(caller.failure("state::set", "{'scope':'s','key':'k','value':2,'if_version':5}"))
                .isEqualTo(new Outcome.Failure(
                        "VERSION_CONFLICT", "expected version 5, current is version 1700000000000000", false, current));
        assertThat(caller.failure("state::delete", "{'scope':'s','key':'k','if_version':0}"))
                .isEqualTo(new Outcome.Failure(
                        "VERSION_CONFLICT", "expected no value, current is version 1700000000000000", false, current));
        assertThat(caller.failure("state::update", "{'scope':'s','key':'k','ops':[],'if_version':5}")
                        .currentVersion())
                .isEqualTo(current);
        assertThat(caller.result("state::get", "{'scope':'s','key':'k'}")).isEqualTo("1");
    }

    @Test
    void aWriteThatWantsAVersionOfNothingIsToldThatThereIsNothing() {
        assertThat(caller.failure(
                        "stream::set", "{'stream_name':'s','group_id':'g','item_id':'i','data':2,'if_version':5}"))
                .isEqualTo(new Outcome.Failure(
                        "VERSION_CONFLICT", "expected version 5, current is no value", false, Version.NONE));
    }

    @Test
    void aValueThatIsTooLargeIsNotEvenSubmitted() {
        String large = "'" + "ä".repeat(500) + "'";
        Outcome.Failure refused = new Outcome.Failure(
                "VALUE_TOO_LARGE", "value of 1002 bytes exceeds the configured max_value_bytes limit of 1000");
        assertThat(caller.failure("state::set", "{'scope':'s','key':'k','value':" + large + "}"))
                .isEqualTo(refused);
        assertThat(caller.failure(
                        "stream::set", "{'stream_name':'s','group_id':'g','item_id':'i','data':" + large + "}"))
                .isEqualTo(refused);
        assertThat(caller.failure("stream::send", "{'stream_name':'s','group_id':'g','type':'t','data':" + large + "}"))
                .isEqualTo(refused);
        assertThat(caller.store.submitted).isEmpty();
        assertThat(caller.store.sent).isEmpty();
    }

    @Test
    void aValueOfExactlyTheLimitIsFine() {
        String largest = "'" + "x".repeat(998) + "'";
        assertThat(caller.call("state::set", "{'scope':'s','key':'k','value':" + largest + "}"))
                .isInstanceOf(Outcome.Result.class);
    }

    @Test
    void anUpdateThatMakesAValueTooLargeIsRefusedByTheOwner() {
        String most = "'" + "x".repeat(998) + "'";
        caller.call("state::set", "{'scope':'s','key':'k','value':" + most + "}");
        assertThat(caller.failure(
                        "state::update", "{'scope':'s','key':'k','ops':[{'type':'append','path':'','value':'yy'}]}"))
                .isEqualTo(new Outcome.Failure(
                        "VALUE_TOO_LARGE", "value of 1002 bytes exceeds the configured max_value_bytes limit of 1000"));
        assertThat(caller.result("state::get", "{'scope':'s','key':'k'}")).hasSize(1_000);
    }
}
