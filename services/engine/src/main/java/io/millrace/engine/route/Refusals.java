package io.millrace.engine.route;

import io.millrace.core.value.JsonSpans;
import io.millrace.core.value.JsonText;
import io.millrace.engine.peer.PeerFailedException;
import io.millrace.engine.peer.PeerLostException;
import io.millrace.engine.port.StoreClosedException;
import io.millrace.engine.write.UnavailableException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * That a node did not do what it was asked: {@code {"unavailable":"…"}} if that may pass, {@code {"overloaded":"…"}} if
 * waiting would not help, {@code {"failed":"…"}} if it is a bug of ours.
 */
final class Refusals {
    private Refusals() {}

    /** The answer for a failure. */
    static byte[] bytes(Throwable failure) {
        Throwable cause = bare(failure);
        String field = cause instanceof UnavailableException e && !e.worthWaiting()
                ? "{\"overloaded\":"
                : mayPass(cause) ? "{\"unavailable\":" : "{\"failed\":";
        String said = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new JsonText().raw(field).quoted(said).raw("}").taken();
    }

    private static boolean mayPass(Throwable cause) {
        return cause instanceof UnavailableException
                || cause instanceof StoreClosedException
                || cause instanceof RejectedExecutionException;
    }

    /** What an answer says is the matter; null if it is an answer. */
    static @Nullable RuntimeException read(String node, byte[] utf8) {
        JsonSpans fields = new JsonSpans(utf8);
        if (!fields.next()) {
            return null;
        }
        if (fields.named("unavailable")) {
            return new UnavailableException(fields.text());
        }
        if (fields.named("overloaded")) {
            return UnavailableException.overloaded(fields.text());
        }
        return fields.named("failed") ? new IllegalStateException("node " + node + ": " + fields.text()) : null;
    }

    /** What a caller is told when a question failed: what one node cannot do now, some node may do later. */
    static Throwable unavailable(String node, Throwable failure) {
        Throwable cause = bare(failure);
        if (cause instanceof PeerLostException) {
            return new UnavailableException(String.valueOf(cause.getMessage()));
        }
        return cause instanceof PeerFailedException
                ? new UnavailableException("node " + node + " failed: " + cause.getMessage())
                : cause;
    }

    static Throwable bare(Throwable failure) {
        return failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
    }
}
