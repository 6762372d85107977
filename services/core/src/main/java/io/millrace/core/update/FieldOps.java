package io.millrace.core.update;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.NullNode;

/** Set and remove. */
final class FieldOps {
    private FieldOps() {}

    static @Nullable Fault set(Draft draft, UpdateOp.Set op) {
        Fault fault = check(draft, op.name(), op.path());
        if (fault != null) {
            return fault;
        }
        if (op.path().isEmpty()) {
            draft.replaceRoot(op.value().tree());
        } else {
            draft.rootObject().set(op.path(), op.value().tree());
        }
        return null;
    }

    static @Nullable Fault remove(Draft draft, UpdateOp.Remove op) {
        Fault fault = check(draft, op.name(), op.path());
        if (fault != null) {
            return fault;
        }
        if (op.path().isEmpty()) {
            draft.replaceRoot(NullNode.getInstance());
        } else if (draft.root().has(op.path())) {
            draft.rootObject().remove(op.path());
        }
        return null;
    }

    /** Whether the path is allowed and, unless it is the root, the draft has fields. */
    static @Nullable Fault check(Draft draft, String name, String path) {
        Fault fault = PathRules.check(path);
        if (fault != null) {
            return fault;
        }
        boolean reachable = path.isEmpty() || draft.root().isObject();
        return reachable ? null : Fault.notAnObject(name, path, draft.root());
    }
}
