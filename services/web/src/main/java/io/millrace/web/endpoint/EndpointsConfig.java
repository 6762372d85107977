package io.millrace.web.endpoint;

import java.util.List;

/**
 * Which endpoints may be called, and how much they may take.
 *
 * @param enabled whether there are any at all
 * @param allowedHosts the hosts they may be on, in lower case; empty for all, private networks among them: workers are trusted
 * @param maxAnswerBytes the largest answer; default 4 MiB
 * @param maxDepth how deep the JSON of an answer may nest
 * @param callsPerWorker how many calls of the endpoints of one worker may be under way; default 256
 */
public record EndpointsConfig(
        boolean enabled, List<String> allowedHosts, int maxAnswerBytes, int maxDepth, int callsPerWorker) {
    /** Copies the list. */
    public EndpointsConfig {
        allowedHosts = List.copyOf(allowedHosts);
    }
}
