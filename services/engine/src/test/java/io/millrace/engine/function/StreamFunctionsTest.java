package io.millrace.engine.function;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import org.junit.jupiter.api.Test;

final class StreamFunctionsTest {
    private static final String ITEM = "'stream_name':'todo','group_id':'todos','item_id':'1'";

    private final Caller caller = new Caller();

    @Test
    void settingTellsOldAndNewValue() {
        assertThat(caller.result("stream::set", "{" + ITEM + ",'data':{'a':1}}"))
                .isEqualTo("{\"old_value\":null,\"new_value\":{\"a\":1},\"version\":1700000000000000}");
        assertThat(caller.result("stream::set", "{" + ITEM + ",'data':null}"))
                .isEqualTo("{\"old_value\":{\"a\":1},\"new_value\":null,\"version\":1700000000001000}");
    }

    @Test
    void aMissingItemIsNoResultAndAStoredNullIsNull() {
        assertThat(caller.result("stream::get", "{" + ITEM + "}")).isEqualTo("none");
        caller.call("stream::set", "{" + ITEM + ",'data':null}");
        assertThat(caller.result("stream::get", "{" + ITEM + "}")).isEqualTo("null");
    }

    @Test
    void deletingWrapsTheOldValue() {
        caller.call("stream::set", "{" + ITEM + ",'data':'x'}");
        assertThat(caller.result("stream::delete", "{" + ITEM + "}"))
                .isEqualTo("{\"old_value\":\"x\",\"version\":1700000000001000}");
    }

    @Test
    void deletingAMissingItemTellsNullAndNoVersion() {
        assertThat(caller.result("stream::delete", "{" + ITEM + "}")).isEqualTo("{\"old_value\":null}");
    }

    @Test
    void updatingTellsOldAndNewValue() {
        assertThat(caller.result("stream::update", "{" + ITEM + ",'ops':[{'type':'append','path':['l'],'value':'x'}]}"))
                .isEqualTo("{\"old_value\":null,\"new_value\":{\"l\":\"x\"},\"version\":1700000000000000}");
    }

    @Test
    void anUpdateWithoutOpsKeepsTheValue() {
        caller.call("stream::set", "{" + ITEM + ",'data':'x'}");
        assertThat(caller.result("stream::update", "{" + ITEM + ",'ops':[]}"))
                .isEqualTo("{\"old_value\":\"x\",\"new_value\":\"x\",\"version\":1700000000001000}");
    }

    @Test
    void listingGivesTheValuesOfExactlyOneGroup() {
        caller.call("stream::set", "{'stream_name':'a','group_id':'b:c','item_id':'2','data':2}");
        caller.call("stream::set", "{'stream_name':'a','group_id':'b:c','item_id':'1','data':1}");
        caller.call("stream::set", "{'stream_name':'a:b','group_id':'c','item_id':'1','data':9}");
        assertThat(caller.result("stream::list", "{'stream_name':'a','group_id':'b:c'}"))
                .isEqualTo("[1,2]");
        assertThat(caller.result("stream::list", "{'stream_name':'a','group_id':'b'}"))
                .isEqualTo("[]");
    }

    @Test
    void listingGroupsGivesABareArrayOfOneStream() {
        caller.call("stream::set", "{'stream_name':'a','group_id':'z','item_id':'1','data':1}");
        caller.call("stream::set", "{'stream_name':'a','group_id':'b:c','item_id':'1','data':1}");
        caller.call("stream::set", "{'stream_name':'a:b','group_id':'c','item_id':'1','data':1}");
        assertThat(caller.result("stream::list_groups", "{'stream_name':'a'}")).isEqualTo("[\"b:c\",\"z\"]");
        assertThat(caller.result("stream::list_groups", "{'stream_name':'x'}")).isEqualTo("[]");
    }

    @Test
    void listingAllGivesStreamsWithTheirGroupsSorted() {
        assertThat(caller.result("stream::list_all", "{}")).isEqualTo("{\"stream\":[],\"count\":0}");
        caller.call("stream::set", "{'stream_name':'iii:devtools:x','group_id':'g','item_id':'1','data':1}");
        caller.call("stream::set", "{'stream_name':'a','group_id':'2','item_id':'1','data':1}");
        caller.call("stream::set", "{'stream_name':'a','group_id':'1','item_id':'1','data':1}");
        caller.call("state::set", "{'scope':'no stream','key':'1','value':1}");
        assertThat(caller.result("stream::list_all", "{}"))
                .isEqualTo("{\"stream\":[{\"id\":\"a\",\"groups\":[\"1\",\"2\"]},"
                        + "{\"id\":\"iii:devtools:x\",\"groups\":[\"g\"]}],\"count\":2}");
    }

    @Test
    void sendingTellsTheGroupAndGivesNull() {
        assertThat(caller.result(
                        "stream::send",
                        "{'stream_name':'s','group_id':'g','type':'spans','data':{'n':1},'id':'item-1'}"))
                .isEqualTo("null");
        assertThat(caller.store.sent)
                .containsExactly(new InMemoryStore.Sent(
                        new Group("s", "g"),
                        "{\"type\":\"stream\",\"timestamp\":1700000000123,\"streamName\":\"s\",\"groupId\":\"g\","
                                + "\"id\":\"item-1\",\"event\":{\"type\":\"event\",\"event\":"
                                + "{\"type\":\"spans\",\"data\":{\"n\":1}}}}",
                        -1,
                        Caller.TRACE));
    }

    @Test
    void anEventIsSentAfterWhatWasCommittedBeforeIt() {
        caller.call("stream::set", "{'stream_name':'s','group_id':'g','item_id':'1','data':1}");
        caller.call("stream::set", "{'stream_name':'s','group_id':'g','item_id':'2','data':1}");
        caller.call("stream::send", "{'stream_name':'s','group_id':'g','type':'t','data':1}");
        assertThat(caller.store.sent).extracting(InMemoryStore.Sent::after).containsExactly(1L);
    }

    @Test
    void anEventTypeMayBeCalledSoAndTheIdBeNullOrAbsent() {
        caller.call("stream::send", "{'stream_name':'s','group_id':'g','event_type':'changed','data':null,'id':null}");
        caller.call("stream::send", "{'stream_name':'s','group_id':'g','event_type':'changed','data':null}");
        assertThat(caller.store.sent)
                .hasSize(2)
                .allSatisfy(
                        sent -> assertThat(sent.frame())
                                .contains(
                                        "\"id\":null,\"event\":{\"type\":\"event\",\"event\":{\"type\":\"changed\",\"data\":null}}"));
    }

    @Test
    void sendingStoresNothing() {
        caller.call("stream::send", "{'stream_name':'s','group_id':'g','type':'t','data':1,'id':'1'}");
        assertThat(caller.result("stream::list", "{'stream_name':'s','group_id':'g'}"))
                .isEqualTo("[]");
        assertThat(caller.result("stream::list_all", "{}")).isEqualTo("{\"stream\":[],\"count\":0}");
    }
}
