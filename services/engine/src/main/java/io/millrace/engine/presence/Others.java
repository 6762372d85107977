package io.millrace.engine.presence;

import java.util.Collection;
import java.util.List;

/**
 * The other nodes, as far as this one knows. It is asked from when presence is started, and should have learnt by then who
 * there is. Calls may come from any thread and must return at once.
 */
public interface Others {
    /** A node alone. */
    Others NOBODY = new Others() {
        @Override
        public Collection<String> nodes() {
            return List.of();
        }

        @Override
        public boolean isThere(String node, long startMs) {
            return false;
        }
    };

    /** The ids of those who have subscribers, connected to this node or not, without this one. */
    Collection<String> nodes();

    /** Whether that life of another node may be there still: it is neither known to have ended nor to have died. */
    boolean isThere(String node, long startMs);
}
