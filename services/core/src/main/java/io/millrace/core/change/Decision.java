package io.millrace.core.change;

import org.jspecify.annotations.Nullable;

/**
 * The owner's answer to a mutation.
 *
 * @param change what is to become true, null when nothing changes
 * @param reply for the caller, once the change (if any) is committed
 */
public record Decision(@Nullable Change change, Reply reply) {}
