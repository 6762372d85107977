package io.millrace.engine.route;

import io.millrace.core.address.Group;
import io.millrace.core.address.Scope;
import io.millrace.core.address.Unit;
import io.millrace.core.value.JsonText;
import io.millrace.engine.read.Cut;
import java.util.Iterator;
import java.util.List;

/** What is given away in chunks. Not thread-safe. */
interface Items extends AutoCloseable {
    boolean hasNext();

    /** Writes the next one, a JSON object. */
    void next(JsonText text);

    @Override
    void close();

    /** The values of a snapshot: {@code {"k":…,"v":…,"n":version}}. */
    static Items of(Cut cut) {
        return new Items() {
            @Override
            public boolean hasNext() {
                return cut.hasNext();
            }

            @Override
            public void next(JsonText text) {
                Cut.Entry entry = cut.next();
                text.raw("{\"k\":").utf8(entry.key().array());
                text.raw(",\"v\":").json(entry.value());
                text.raw(",\"n\":").number(entry.version().micros()).raw("}");
            }

            @Override
            public void close() {
                cut.close();
            }
        };
    }

    /** Scopes, {@code {"scope":…}}, and groups, {@code {"stream_name":…,"group_id":…}}. */
    static Items of(List<Unit> units) {
        Iterator<Unit> left = units.iterator();
        return new Items() {
            @Override
            public boolean hasNext() {
                return left.hasNext();
            }

            @Override
            public void next(JsonText text) {
                switch (left.next()) {
                    case Scope scope ->
                        text.raw("{\"scope\":").quoted(scope.scope()).raw("}");
                    case Group group ->
                        text.raw("{\"stream_name\":")
                                .quoted(group.streamName())
                                .raw(",\"group_id\":")
                                .quoted(group.groupId())
                                .raw("}");
                }
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }
}
