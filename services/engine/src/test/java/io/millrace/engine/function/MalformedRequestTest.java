package io.millrace.engine.function;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MalformedRequestTest {
    private final Caller caller = new Caller();

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            state::set         | {'scope':'s','key':'k'}                         | missing field `value`
            state::set         | {'scope':'s','value':1}                         | missing field `key`
            state::set         | {'key':'k','value':1}                           | missing field `scope`
            state::set         | {'scope':'s','key':'k','value':1,'data':1}      | duplicate field `value`
            state::set         | {'scope':'s','key':'k','value':null,'data':null} | duplicate field `value`
            state::set         | {'scope':5,'key':'k','value':1}                 | invalid type: integer `5`, expected a string
            state::set         | {'scope':1.5,'key':'k','value':1}               | invalid type: floating point `1.5`, expected a string
            state::set         | {'scope':null,'key':'k','value':1}              | invalid type: null, expected a string
            state::set         | {'scope':true,'key':'k','value':1}              | invalid type: boolean `true`, expected a string
            state::set         | {'scope':[],'key':'k','value':1}                | invalid type: sequence, expected a string
            state::set         | {'scope':{},'key':'k','value':1}                | invalid type: map, expected a string
            state::set         | null                                            | invalid type: null, expected struct StateSetInput
            state::get         | null                                            | invalid type: null, expected struct StateGetInput
            state::get         | ['s','k']                                       | invalid type: sequence, expected struct StateGetInput
            state::get         | 'x'                                             | invalid type: string "x", expected struct StateGetInput
            state::get         | {}                                              | missing field `scope`
            state::delete      | {'scope':'s'}                                   | missing field `key`
            state::update      | {'scope':'s','key':'k'}                         | missing field `ops`
            state::list        | {'key':'k'}                                     | missing field `scope`
            state::list_groups | null                                            | invalid type: null, expected struct StateListGroupsInput
            stream::set        | {'stream_name':'s','group_id':'g','item_id':'i','value':1} | missing field `data`
            stream::set        | {'stream_name':'s','group_id':'g','data':1}     | missing field `item_id`
            stream::get        | {'stream_name':'s','item_id':'i'}               | missing field `group_id`
            stream::delete     | {'group_id':'g','item_id':'i'}                  | missing field `stream_name`
            stream::update     | {'stream_name':'s','group_id':'g','item_id':'i'} | missing field `ops`
            stream::list       | {'stream_name':'s'}                             | missing field `group_id`
            stream::list_groups | {}                                             | missing field `stream_name`
            stream::list_all   | null                                            | invalid type: null, expected struct StreamListAllInput
            stream::send       | {'stream_name':'s','group_id':'g','data':1}     | missing field `type`
            stream::send       | {'stream_name':'s','group_id':'g','type':'t'}   | missing field `data`
            stream::send       | {'stream_name':'s','group_id':'g','type':'t','event_type':'t','data':1} | duplicate field `type`
            stream::send       | {'stream_name':'s','group_id':'g','type':'t','data':1,'id':7} | invalid type: integer `7`, expected a string
            state::set         | {'scope':'s','key':'k','value':1,'if_version':-1}  | invalid value: integer `-1`, expected `if_version` of 0 to 9007199254740992
            state::set         | {'scope':'s','key':'k','value':1,'if_version':9007199254740993} | invalid value: integer `9007199254740993`, expected `if_version` of 0 to 9007199254740992
            state::set         | {'scope':'s','key':'k','value':1,'if_version':18446744073709551615} | invalid value: integer `18446744073709551615`, expected `if_version` of 0 to 9007199254740992
            state::delete      | {'scope':'s','key':'k','if_version':1.0}        | invalid type: floating point `1.0`, expected `if_version` of 0 to 9007199254740992
            state::update      | {'scope':'s','key':'k','ops':[],'if_version':'1'} | invalid type: string "1", expected `if_version` of 0 to 9007199254740992
            state::set         | {'scope':'s','key':'k','value':1,'mutation_id':''} | invalid length 0, expected `mutation_id` of 1 to 64 bytes
            state::set         | {'scope':'s','key':'k','value':1,'mutation_id':'äääääääääääääääääääääääääääääääää'} | invalid length 66, expected `mutation_id` of 1 to 64 bytes
            state::set         | {'scope':'s','key':'k','value':1,'mutation_id':1} | invalid type: integer `1`, expected a string
            state::list        | {'scope':'s','limit':0}                         | invalid value: integer `0`, expected `limit` of 1 to 10000
            state::list        | {'scope':'s','limit':10001}                     | invalid value: integer `10001`, expected `limit` of 1 to 10000
            state::list        | {'scope':'s','limit':'5'}                       | invalid type: string "5", expected `limit` of 1 to 10000
            state::list        | {'scope':'s','cursor':'?'}                      | invalid value: `cursor`, expected the cursor of an earlier page
            state::list        | {'scope':'s','cursor':'_w'}                     | invalid value: `cursor`, expected the cursor of an earlier page
            state::list        | {'scope':'s','cursor':5}                        | invalid type: integer `5`, expected a string
            state::list        | {'scope':'s','keys':1}                          | invalid type: integer `1`, expected a boolean
            stream::list       | {'stream_name':'s','group_id':'g','prefix':[]}  | invalid type: sequence, expected a string
            state::set         | {'scope':'s','key':'k','value':[[[[[[[[[]]]]]]]]]} | `value` is nested too deep, expected at most 8 levels
            stream::set        | {'stream_name':'s','group_id':'g','item_id':'i','data':{'a':[[[[[[[[]]]]]]]]}} | `data` is nested too deep, expected at most 8 levels
            stream::send       | {'stream_name':'s','group_id':'g','type':'t','data':[[[[[[[[[]]]]]]]]]} | `data` is nested too deep, expected at most 8 levels
            state::update      | {'scope':'s','key':'k','ops':[{'type':'set','path':'','value':[[[[[[[[[]]]]]]]]]}]} | `ops` is nested too deep, expected at most 8 levels
            state::update      | {'scope':'s','key':'k','ops':[1,2,3,4,5,6,7,8,9,10,11]} | invalid length 11, expected `ops` of at most 10 elements
            state::get         | {'scope':'s','key':'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaä'} | invalid length 66, expected `key` of at most 64 bytes
            """)
    void isRefusedAsTheOriginalRefusesIt(String id, String payload, String message) {
        Outcome.Failure failure = caller.failure(id, payload);
        assertThat(failure)
                .isEqualTo(new Outcome.Failure(
                        "deserialization_error", "Failed to deserialize input for " + id + ": " + message));
        assertThat(caller.store.submitted).isEmpty();
        assertThat(caller.store.sent).isEmpty();
        assertThat(caller.store.cutsTaken).isZero();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            [{'type':'bump','path':'n','by':1}]
            [{'type':'increment','path':'n','by':1.0}]
            [{'type':'set','path':null,'value':1}]
            [{'op':'set','path':'/a','value':1}]
            {}
            """)
    void opsThatAreNoneRefuseTheWholeUpdate(String ops) {
        Outcome.Failure failure = caller.failure("state::update", "{'scope':'s','key':'k','ops':" + ops + "}");
        assertThat(failure.code()).isEqualTo("deserialization_error");
        assertThat(failure.message()).startsWith("Failed to deserialize input for state::update: ");
        assertThat(caller.store.submitted).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            state::set   | {'scope':'s','key':'k','value':1,'if_version':null,'mutation_id':null}
            state::list  | {'scope':'s','prefix':null,'limit':null,'cursor':null,'keys':null}
            state::set   | {'scope':'s','key':'k','value':[[[[[[[[1]]]]]]]]}
            state::get   | {'scope':'s','key':'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}
            state::list_groups | {'any':'thing'}
            """)
    void nullForAnOptionalFieldAndTheLimitsThemselvesAreFine(String id, String payload) {
        assertThat(caller.call(id, payload)).isNotInstanceOf(Outcome.Failure.class);
    }
}
