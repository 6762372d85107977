package io.millrace.engine.subscription;

import io.millrace.core.value.Json;

/** JSON Schemas of configs and payloads, for listings. */
final class Formats {
    private static final String COMMON = """
            "condition_function_id":{"type":["string","null"],"description":"Asked first; only a literal false skips."},\
            "subscription":{"type":["string","null"],"description":"By this name the trigger is known when it comes back."},\
            "durable":{"type":["boolean","null"],"description":"false: called with what happens now, once, from no group."}""";

    static final Json STATE_CONFIG = Json.ofText("""
            {"type":"object","properties":{"scope":{"type":["string","null"]},"key":{"type":["string","null"]},\
            """ + COMMON + "}}");

    static final Json STREAM_CONFIG = Json.ofText("""
            {"type":"object","required":["stream_name"],"properties":{"stream_name":{"type":"string"},\
            "group_id":{"type":["string","null"]},"item_id":{"type":["string","null"]},\
            """ + COMMON + "}}");

    static final Json STATE_CALL = Json.ofText("""
            {"type":"object","required":["type","event_type","scope","key","old_value","new_value"],"properties":{\
            "type":{"const":"state"},"event_type":{"enum":["state:created","state:updated","state:deleted"]},\
            "scope":{"type":"string"},"key":{"type":"string"},"old_value":{},"new_value":{},\
            "version":{"type":"integer"}}}""");

    static final Json STREAM_CALL = Json.ofText("""
            {"type":"object","required":["type","timestamp","streamName","groupId","id","event"],"properties":{\
            "type":{"const":"stream"},"timestamp":{"type":"integer"},"streamName":{"type":"string"},\
            "groupId":{"type":"string"},"id":{"type":["string","null"]},"event":{"type":"object",\
            "required":["type"],"properties":{"type":{"enum":["create","update","delete","event"]},\
            "data":{},"event":{}}},"version":{"type":"integer"}}}""");

    private Formats() {}
}
