package io.millrace.engine.route;

import io.millrace.core.address.Address;
import io.millrace.core.address.RecordKey;
import io.millrace.core.change.Current;
import io.millrace.core.change.Version;
import io.millrace.core.value.Json;
import io.millrace.core.value.JsonSpans;
import io.millrace.core.value.JsonText;

/**
 * What an address holds, between nodes: {@code {"since":…,"version":…,"value":…}}, without a value where there is none;
 * then the version is that of the delete, if it is remembered.
 *
 * @param since the barrier since which the node serves the partition
 */
record CurrentText(Current current, long since) {
    /** {@code {"key":{…}}}. */
    static byte[] question(Address address) {
        byte[] key = address.recordKey().array();
        return new JsonText(key.length + 8).raw("{\"key\":").utf8(key).raw("}").taken();
    }

    static Address asked(byte[] utf8) {
        RecordKey key = RecordKey.BARRIER;
        JsonSpans fields = new JsonSpans(utf8);
        while (fields.next()) {
            if (fields.named("key")) {
                key = RecordKey.ofBytes(fields.json().utf8());
            }
        }
        return key.address();
    }

    byte[] bytes() {
        return switch (current) {
            case Current.Present present ->
                head(present.version(), present.value().sizeBytes())
                        .raw(",\"value\":")
                        .json(present.value())
                        .raw("}")
                        .taken();
            case Current.Missing missing ->
                head(missing.deletedAt(), 0).raw("}").taken();
        };
    }

    private JsonText head(Version version, int sizeBytes) {
        JsonText text = new JsonText(80 + sizeBytes).raw("{\"since\":").number(since);
        return text.raw(",\"version\":").number(version.micros());
    }

    static CurrentText read(byte[] utf8) {
        long since = -1;
        Version version = Version.NONE;
        Json value = null;
        JsonSpans fields = new JsonSpans(utf8);
        while (fields.next()) {
            if (fields.named("since")) {
                since = fields.number();
            } else if (fields.named("version")) {
                version = new Version(fields.number());
            } else if (fields.named("value")) {
                value = fields.json();
            }
        }
        Current current = value == null ? new Current.Missing(version) : new Current.Present(value, version);
        return new CurrentText(current, since);
    }
}
