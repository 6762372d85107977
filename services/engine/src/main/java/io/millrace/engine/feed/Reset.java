package io.millrace.engine.feed;

/** Why a subscription begins again with a snapshot. */
public enum Reset {
    /** Its cursor is none of ours. */
    UNKNOWN("unknown"),
    /** Its cursor is older than what can be told exactly. */
    TOO_OLD("too_old"),
    /** It was so slow that what it lacks is not in memory any more. */
    BEHIND("behind");

    private final String text;

    Reset(String text) {
        this.text = text;
    }

    /** What clients are told. */
    public String text() {
        return text;
    }
}
