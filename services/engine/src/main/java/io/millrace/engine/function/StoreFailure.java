package io.millrace.engine.function;

import io.millrace.engine.port.LogUnavailableException;
import io.millrace.engine.port.StoreClosedException;
import io.millrace.engine.write.UnavailableException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;

/**
 * How one function tells that the store could not do it.
 *
 * @param code for instance {@code SET_ERROR}
 * @param phrase for instance {@code Failed to set value}
 */
record StoreFailure(String code, String phrase) {
    /** What the caller is told. */
    Outcome.Failure because(Throwable failure) {
        Throwable cause = bare(failure);
        String said = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new Outcome.Failure(code, phrase + ": " + said, mayPass(cause), null);
    }

    /** What the caller is told, for good. */
    Outcome.Failure because(String cause) {
        return new Outcome.Failure(code, phrase + ": " + cause);
    }

    /** Whether the owner or its store has gone away while something was read. */
    static boolean isGone(Throwable failure) {
        Throwable cause = bare(failure);
        return cause instanceof UnavailableException || cause instanceof StoreClosedException;
    }

    private static boolean mayPass(Throwable cause) {
        return cause instanceof UnavailableException
                || cause instanceof LogUnavailableException
                || cause instanceof StoreClosedException
                || cause instanceof RejectedExecutionException;
    }

    private static Throwable bare(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
