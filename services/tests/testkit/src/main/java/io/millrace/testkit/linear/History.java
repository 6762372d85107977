package io.millrace.testkit.linear;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What many clients did, as they tell it. Calls may come from any thread. */
public final class History {
    private final ConcurrentLinkedQueue<Operation> operations = new ConcurrentLinkedQueue<>();

    /** Takes an operation in. */
    public void add(Operation operation) {
        operations.add(operation);
    }

    /** All so far. */
    public List<Operation> operations() {
        return new ArrayList<>(operations);
    }
}
