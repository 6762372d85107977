package io.millrace.engine.function;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.port.LogUnavailableException;
import io.millrace.engine.write.UnavailableException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StoreFailureTest {
    private static final String ADDRESS = "'scope':'s','key':'k','stream_name':'s','group_id':'g','item_id':'i'";

    private final Caller caller = new Caller();

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            state::set,          SET_ERROR,                Failed to set value
            state::get,          GET_ERROR,                Failed to get value
            state::delete,       DELETE_ERROR,             Failed to delete value
            state::update,       UPDATE_ERROR,             Failed to update value
            state::list,         LIST_ERROR,               Failed to list values
            state::list_groups,  LIST_GROUPS_ERROR,        Failed to list groups
            stream::set,         STREAM_SET_ERROR,         Failed to set value
            stream::get,         STREAM_GET_ERROR,         Failed to get value
            stream::delete,      STREAM_DELETE_ERROR,      Failed to delete value
            stream::update,      STREAM_UPDATE_ERROR,      Failed to update value
            stream::list,        STREAM_GET_GROUP_ERROR,   Failed to get group
            stream::list_groups, STREAM_LIST_GROUPS_ERROR, Failed to list groups
            stream::list_all,    STREAM_LIST_ALL_ERROR,    Failed to list stream
            stream::send,        STREAM_SEND_ERROR,        Failed to send event
            """)
    void isToldInTheFunctionsOwnWordsAndMayBeTriedAgain(String id, String code, String phrase) {
        caller.store.failWith(new CompletionException(new UnavailableException("partition 3 has no owner here")));
        assertThat(caller.failure(id, "{" + ADDRESS + ",'data':1,'ops':[],'type':'t'}"))
                .isEqualTo(new Outcome.Failure(code, phrase + ": partition 3 has no owner here", true, null));
    }

    @Test
    void ofALogThatIsAwayMayBeTriedAgain() {
        caller.store.failWith(new LogUnavailableException("events: no broker", new IllegalStateException()));
        assertThat(caller.failure("stream::send", "{" + ADDRESS + ",'data':1,'type':'t'}")
                        .retriable())
                .isTrue();
    }

    @Test
    void ofAnyOtherKindIsForGood() {
        caller.store.failWith(new IllegalStateException());
        assertThat(caller.failure("state::get", "{" + ADDRESS + "}"))
                .isEqualTo(new Outcome.Failure("GET_ERROR", "Failed to get value: IllegalStateException"));
    }
}
