package io.millrace.core.update;

import io.millrace.core.value.Json;
import java.math.BigInteger;
import java.util.List;

/** One step of an update. Steps are applied in order; one that fails changes nothing and the next one goes on. */
public sealed interface UpdateOp {
    /** The name on the wire, which is also the beginning of its error codes. */
    String name();

    /** Replaces the root ({@code path} empty) or one top-level field, taken literally. */
    record Set(String path, Json value) implements UpdateOp {
        @Override
        public String name() {
            return "set";
        }
    }

    /** Copies the fields of an object into the target at {@code path} (empty: the root), never deeper. */
    record Merge(List<String> path, Json value) implements UpdateOp {
        /** Copies the path. */
        public Merge {
            path = List.copyOf(path);
        }

        @Override
        public String name() {
            return "merge";
        }
    }

    /** Adds {@code by}, any 64-bit signed integer, to the number at the root or at one top-level field. */
    record Increment(String path, long by) implements UpdateOp {
        @Override
        public String name() {
            return "increment";
        }
    }

    /** Takes {@code by} from the number at the root or at one top-level field. */
    record Decrement(String path, long by) implements UpdateOp {
        @Override
        public String name() {
            return "decrement";
        }

        /** What a missing number becomes: exact, also where the smallest long has no negative. */
        BigInteger negated() {
            return BigInteger.valueOf(by).negate();
        }
    }

    /** Pushes on an array, or lengthens a string, at {@code path} (empty: the root). */
    record Append(List<String> path, Json value) implements UpdateOp {
        /** Copies the path. */
        public Append {
            path = List.copyOf(path);
        }

        @Override
        public String name() {
            return "append";
        }
    }

    /** Makes the root null, or removes one top-level field. */
    record Remove(String path) implements UpdateOp {
        @Override
        public String name() {
            return "remove";
        }
    }
}
