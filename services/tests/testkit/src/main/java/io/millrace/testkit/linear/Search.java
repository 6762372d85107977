package io.millrace.testkit.linear;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks for an order of the operations of one key. */
final class Search {
    private static final int SHOWN = 12;

    private final String key;
    private final List<Operation> operations;
    private final long patience;
    private final Event head = new Event(-1, null);
    private final Deque<Taken> order = new ArrayDeque<>();
    private final BitSet done = new BitSet();
    private final Set<Configuration> tried = new HashSet<>();
    private Register register = Register.EMPTY;
    private int knownLeft;
    private List<Operation> longest = List.of();
    private Register longestRegister = Register.EMPTY;
    private @Nullable Operation stuck;

    Search(String key, List<Operation> operations, long patience) {
        this.key = key;
        this.operations = operations.stream()
                .sorted(Comparator.comparingLong(Operation::invokedNs))
                .toList();
        this.patience = patience;
        this.knownLeft = (int) operations.stream().filter(Operation::isKnown).count();
        link();
    }

    /** Both ends of each operation in the order of time. At the same time, what begins does so before the other has ended. */
    private void link() {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            Event end = new Event(i, null);
            events.add(new Event(i, end));
            events.add(end);
        }
        events.sort(Comparator.comparingLong(this::time).thenComparing(event -> event.end == null));
        Event last = head;
        for (Event event : events) {
            last.next = event;
            event.previous = last;
            last = event;
        }
    }

    private long time(Event event) {
        Operation operation = operations.get(event.operation);
        return event.end == null ? operation.returnedNs() : operation.invokedNs();
    }

    Verdict run() {
        Event at = head.next;
        // What nobody was told of may as well never have been done.
        while (knownLeft > 0) {
            if (at == null) {
                throw new IllegalStateException("history of " + key + ": a call without an end");
            }
            if (tried.size() > patience) {
                return new Verdict.Undecided(key, tried.size());
            }
            if (at.end == null) {
                remember(operations.get(at.operation));
                Taken last = order.pollLast();
                if (last == null) {
                    return new Verdict.Violated(key, explanation());
                }
                putBack(last);
                at = last.event.next;
            } else {
                at = take(at) ? head.next : at.next;
            }
        }
        return new Verdict.Linearizable(1, operations.size(), operations.size() - done.cardinality());
    }

    /** Lets an operation come next, if that explains its answer and leads to where the search has not been. */
    private boolean take(Event event) {
        Operation operation = operations.get(event.operation);
        Register after = register.after(operation.ask(), operation.answer());
        if (after == null) {
            return false;
        }
        done.set(event.operation);
        if (!tried.add(new Configuration((BitSet) done.clone(), after))) {
            done.clear(event.operation);
            return false;
        }
        order.addLast(new Taken(event, register));
        register = after;
        knownLeft -= operation.isKnown() ? 1 : 0;
        event.unlink();
        if (event.end != null) {
            event.end.unlink();
        }
        return true;
    }

    private void putBack(Taken last) {
        register = last.before;
        done.clear(last.event.operation);
        knownLeft += operations.get(last.event.operation).isKnown() ? 1 : 0;
        if (last.event.end != null) {
            last.event.end.relink();
        }
        last.event.relink();
    }

    private void remember(Operation blocking) {
        if (stuck == null || order.size() > longest.size()) {
            longest = order.stream()
                    .map(taken -> operations.get(taken.event.operation))
                    .toList();
            longestRegister = register;
            stuck = blocking;
        }
    }

    private String explanation() {
        StringBuilder text = new StringBuilder("no order explains the answers for " + key + "; the longest that does, "
                + longest.size() + " of " + operations.size() + " operations, ends with");
        longest.stream()
                .skip(Math.max(0, longest.size() - SHOWN))
                .forEach(operation -> text.append("\n  ").append(operation));
        text.append("\nand leaves ").append(longestRegister).append(", after which cannot come:");
        Set<Operation> taken = new HashSet<>(longest);
        operations.stream()
                .filter(operation -> !taken.contains(operation))
                .filter(operation -> stuck != null && operation.invokedNs() <= stuck.returnedNs())
                .limit(SHOWN)
                .forEach(operation -> text.append("\n  ").append(operation));
        return text.toString();
    }

    /** What has been done, in whatever order, and what that led to. */
    private record Configuration(BitSet done, Register register) {}

    private record Taken(Event event, Register before) {}

    /** A beginning, which knows its end, or an end; in a list from which it can be taken and put back where it was. */
    private static final class Event {
        private final int operation;
        private final @Nullable Event end;
        private @Nullable Event previous;
        private @Nullable Event next;

        Event(int operation, @Nullable Event end) {
            this.operation = operation;
            this.end = end;
        }

        void unlink() {
            if (previous != null) {
                previous.next = next;
            }
            if (next != null) {
                next.previous = previous;
            }
        }

        void relink() {
            if (previous != null) {
                previous.next = this;
            }
            if (next != null) {
                next.previous = this;
            }
        }
    }
}
