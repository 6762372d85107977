package io.millrace.core.update;

/**
 * Why one op of an update changed nothing.
 *
 * @param opIndex its place in the request, from 0
 * @param code for instance {@code set.target_not_object}
 * @param message for people
 */
public record OpError(int opIndex, String code, String message) {
    /** Where the codes are explained; every error carries it. */
    public static final String DOC_URL = "https://iii.dev/docs/workers/iii-state#error-codes";
}
