package io.millrace.engine.function;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.change.Mutation;
import org.junit.jupiter.api.Test;

final class StateFunctionsTest {
    private final Caller caller = new Caller();

    @Test
    void settingAMissingValueTellsNullAsTheOldOne() {
        assertThat(caller.result("state::set", "{'scope':'todos','key':'1','value':{'b':1,'a':[true,null]}}"))
                .isEqualTo(
                        "{\"old_value\":null,\"new_value\":{\"b\":1,\"a\":[true,null]},\"version\":1700000000000000}");
    }

    @Test
    void settingAgainTellsBothValues() {
        caller.call("state::set", "{'scope':'s','key':'k','value':1.0}");
        assertThat(caller.result("state::set", "{'scope':'s','key':'k','value':18446744073709551615}"))
                .isEqualTo("{\"old_value\":1.0,\"new_value\":18446744073709551615,\"version\":1700000000000001}");
    }

    @Test
    void dataIsAnotherNameForValue() {
        assertThat(caller.result("state::set", "{'scope':'s','key':'k','data':null}"))
                .isEqualTo("{\"old_value\":null,\"new_value\":null,\"version\":1700000000000000}");
    }

    @Test
    void aMissingValueIsNoResultAndAStoredNullIsNull() {
        assertThat(caller.result("state::get", "{'scope':'s','key':'k'}")).isEqualTo("none");
        caller.call("state::set", "{'scope':'s','key':'k','value':null}");
        assertThat(caller.result("state::get", "{'scope':'s','key':'k'}")).isEqualTo("null");
    }

    @Test
    void aValueIsGotBare() {
        caller.call("state::set", "{'scope':'s','key':'k','value':{'a':'é😀'}}");
        assertThat(caller.result("state::get", "{'scope':'s','key':'k','unknown':1}"))
                .isEqualTo("{\"a\":\"é😀\"}");
    }

    @Test
    void deletingTellsTheBareOldValueOnce() {
        caller.call("state::set", "{'scope':'s','key':'k','value':{'a':1}}");
        assertThat(caller.result("state::delete", "{'scope':'s','key':'k'}")).isEqualTo("{\"a\":1}");
        assertThat(caller.result("state::get", "{'scope':'s','key':'k'}")).isEqualTo("none");
        assertThat(caller.result("state::delete", "{'scope':'s','key':'k'}")).isEqualTo("none");
    }

    @Test
    void deletingAStoredNullTellsNull() {
        caller.call("state::set", "{'scope':'s','key':'k','value':null}");
        assertThat(caller.result("state::delete", "{'scope':'s','key':'k'}")).isEqualTo("null");
    }

    @Test
    void anUpdateWithoutOpsKeepsTheValueAndTellsNoErrors() {
        caller.call("state::set", "{'scope':'s','key':'k','value':{'a':1}}");
        assertThat(caller.result("state::update", "{'scope':'s','key':'k','ops':[]}"))
                .isEqualTo("{\"old_value\":{\"a\":1},\"new_value\":{\"a\":1},\"version\":1700000000000001}");
    }

    @Test
    void anUpdateTellsWhatItsOpsMade() {
        assertThat(caller.result(
                        "state::update",
                        "{'scope':'s','key':'k','ops':[{'type':'increment','path':'n','by':3},"
                                + "{'type':'set','path':'x.y','value':[1]}]}"))
                .isEqualTo("{\"old_value\":null,\"new_value\":{\"n\":3,\"x.y\":[1]},\"version\":1700000000000000}");
    }

    @Test
    void anUpdateTellsTheErrorsOfItsOpsBesideTheResult() {
        caller.call("state::set", "{'scope':'s','key':'k','value':{'n':'x'}}");
        assertThat(caller.result(
                        "state::update",
                        "{'scope':'s','key':'k','ops':[{'type':'increment','path':'n','by':1},"
                                + "{'type':'set','path':'ok','value':true}]}"))
                .isEqualTo("{\"old_value\":{\"n\":\"x\"},\"new_value\":{\"n\":\"x\",\"ok\":true},"
                        + "\"errors\":[{\"op_index\":0,\"code\":\"increment.not_number\","
                        + "\"message\":\"Expected number at path 'n', got string.\","
                        + "\"doc_url\":\"https://iii.dev/docs/workers/iii-state#error-codes\"}],"
                        + "\"version\":1700000000000001}");
    }

    @Test
    void listingAnUnknownScopeIsEmpty() {
        assertThat(caller.result("state::list", "{'scope':'nowhere'}")).isEqualTo("[]");
    }

    @Test
    void listingGivesTheValuesOfExactlyOneScopeInTheOrderOfItsKeys() {
        caller.call("state::set", "{'scope':'s','key':'b','value':2}");
        caller.call("state::set", "{'scope':'s','key':'😀','value':4}");
        caller.call("state::set", "{'scope':'s','key':'ｚ','value':3}");
        caller.call("state::set", "{'scope':'s','key':'a','value':null}");
        caller.call("state::set", "{'scope':'s','key':'gone','value':0}");
        caller.call("state::delete", "{'scope':'s','key':'gone'}");
        caller.call("state::set", "{'scope':'s2','key':'a','value':9}");
        caller.call("state::set", "{'scope':'','key':'a','value':9}");
        assertThat(caller.result("state::list", "{'scope':'s'}")).isEqualTo("[null,2,3,4]");
    }

    @Test
    void listingGroupsGivesEachScopeWithAValueOnceInByteOrder() {
        assertThat(caller.result("state::list_groups", "{}")).isEqualTo("{\"groups\":[]}");
        for (String scope : new String[] {"b", "😀", "ｚ", "", "a\\\"b", "a", "gone"}) {
            caller.call("state::set", "{'scope':'" + scope + "','key':'1','value':1}");
            caller.call("state::set", "{'scope':'" + scope + "','key':'2','value':1}");
        }
        caller.call("state::delete", "{'scope':'gone','key':'1'}");
        caller.call("state::delete", "{'scope':'gone','key':'2'}");
        assertThat(caller.result("state::list_groups", "{}"))
                .isEqualTo("{\"groups\":[\"\",\"a\",\"a\\\"b\",\"b\",\"ｚ\",\"😀\"]}");
    }

    @Test
    void aWriteCarriesTheCallersIdAndTrace() {
        caller.call("state::set", "{'scope':'s','key':'k','value':1,'mutation_id':'mine-é'}");
        caller.call("state::delete", "{'scope':'s','key':'k'}");
        assertThat(caller.store.submitted)
                .extracting(Mutation::id)
                .extracting(Object::toString)
                .containsExactly("mine-é", "generated-1");
        assertThat(caller.store.submitted).extracting(Mutation::traceParent).containsOnly(Caller.TRACE);
    }

    @Test
    void namesMayHoldAnything() {
        String address = "'scope':'a:b/\\\"c\\\\','key':'\\u0000\\n😀'";
        caller.call("state::set", "{" + address + ",'value':7}");
        assertThat(caller.result("state::get", "{" + address + "}")).isEqualTo("7");
        assertThat(caller.result("state::list", "{'scope':'a:b/\\\"c\\\\','keys':true}"))
                .isEqualTo("{\"items\":[{\"key\":\"\\u0000\\n😀\",\"value\":7,\"version\":1700000000000000}]}");
    }
}
