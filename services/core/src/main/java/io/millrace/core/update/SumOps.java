package io.millrace.core.update;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BigIntegerNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.LongNode;

/** Increment and decrement: integers exact within the signed and the unsigned 64-bit range, floats as floats. */
final class SumOps {
    private static final BigInteger SMALLEST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LARGEST =
            BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

    private SumOps() {}

    static @Nullable Fault increment(Draft draft, UpdateOp.Increment op) {
        return add(draft, op.name(), op.path(), BigInteger.valueOf(op.by()));
    }

    static @Nullable Fault decrement(Draft draft, UpdateOp.Decrement op) {
        return add(draft, op.name(), op.path(), op.negated());
    }

    private static @Nullable Fault add(Draft draft, String name, String path, BigInteger by) {
        Fault fault = FieldOps.check(draft, name, path);
        if (fault != null) {
            return fault;
        }
        boolean atRoot = path.isEmpty();
        JsonNode number = atRoot ? draft.root() : draft.root().path(path);
        boolean missing = atRoot ? draft.isFresh() : number.isMissingNode();
        JsonNode sum = missing ? integer(by) : sum(number, by);
        if (sum == null) {
            String at = atRoot ? Fault.ROOT : path;
            return new Fault("not_number", "Expected number at path '" + at + "', got " + Fault.type(number) + ".");
        }
        if (atRoot) {
            draft.replaceRoot(sum);
        } else {
            draft.rootObject().set(path, sum);
        }
        return null;
    }

    /** The sum, or null where there is none within range, or nothing to add to. */
    private static @Nullable JsonNode sum(JsonNode number, BigInteger by) {
        if (number.isIntegralNumber()) {
            BigInteger sum = number.bigIntegerValue().add(by);
            return sum.compareTo(SMALLEST) >= 0 && sum.compareTo(LARGEST) <= 0 ? integer(sum) : null;
        }
        if (number.isNumber()) {
            double sum = number.doubleValue() + by.doubleValue();
            return Double.isFinite(sum) ? DoubleNode.valueOf(sum) : null;
        }
        return null;
    }

    private static JsonNode integer(BigInteger number) {
        return number.bitLength() < Long.SIZE ? LongNode.valueOf(number.longValue()) : BigIntegerNode.valueOf(number);
    }
}
