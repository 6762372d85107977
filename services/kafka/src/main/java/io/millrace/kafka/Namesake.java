package io.millrace.kafka;

import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Somebody whom the group of the local copies knows under this node's name instead of this process. That need not be anybody:
 * a coordinator that was stalled takes in late a join that we had given up and sent anew.
 *
 * @param isThere whether another process is known to have begun under this node's id after this one
 * @param evict takes whoever has the name out of the group; completes with how many those were
 */
record Namesake(BooleanSupplier isThere, Supplier<CompletionStage<Integer>> evict) {}
