package io.millrace.loadtest.soak;

/**
 * How a socket listens.
 *
 * @param cursors whether it asks for cursors, and comes back with them
 * @param latest whether the newest of each item is enough for it
 * @param byPath whether it joins by its path instead of by a message
 * @param pace how it reads
 */
record Manner(boolean cursors, boolean latest, boolean byPath, Pace pace) {
    /** How a socket reads. */
    enum Pace {
        /** Whatever comes, at once. */
        PROMPT,
        /** Less than comes. */
        SLOW,
        /** Nothing. */
        STALLED
    }

    /** As legacy clients do. */
    static Manner plain(Pace pace) {
        return new Manner(false, false, false, pace);
    }

    /** Of ten sockets five ask for nothing special, four for cursors, and one for the newest only, by turns with cursors. */
    static Manner prompt(int number) {
        return switch (number % 10) {
            case 0, 2, 4, 6, 8 -> plain(Pace.PROMPT);
            case 1, 5 -> new Manner(true, false, false, Pace.PROMPT);
            case 3, 7 -> new Manner(true, false, true, Pace.PROMPT);
            default -> new Manner(number % 20 == 9, true, false, Pace.PROMPT);
        };
    }

    /** By turns with and without cursors, for all and for the newest only. */
    static Manner lagging(Pace pace, int number) {
        return new Manner(number % 2 == 0, number % 4 > 1, false, pace);
    }

    /** Whether every change has to come, one after the other. */
    boolean every() {
        return !latest;
    }
}
