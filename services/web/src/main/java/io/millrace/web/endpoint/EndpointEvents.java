package io.millrace.web.endpoint;

/** Gets told of calls of endpoints. Calls come from any thread and must return at once. */
@FunctionalInterface
public interface EndpointEvents {
    /** A call has come to an end. */
    void answered(boolean failed);
}
