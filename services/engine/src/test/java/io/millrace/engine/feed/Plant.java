package io.millrace.engine.feed;

import io.millrace.engine.port.Mark;

/** A fault in what surrounds the feeds, which the laws have to show. */
enum Plant {
    /** None. */
    NOTHING,
    /** A cut says it includes one more than it does. */
    CUT_SAYS_MORE,
    /** A cut says it includes one less than it does. */
    CUT_SAYS_LESS,
    /** A cursor says that one change more has been told. */
    CURSOR_SKIPS_A_CHANGE,
    /** A cursor says that one change less has been told. */
    CURSOR_REPEATS_A_CHANGE,
    /** A cursor says that one event more has been told. */
    CURSOR_SKIPS_AN_EVENT,
    /** A cursor says that one event less has been told. */
    CURSOR_REPEATS_AN_EVENT,
    /** What is read again lacks its last record. */
    HISTORY_IS_SHORT,
    /** A socket without room drops frames and says it has taken them. */
    OFFERS_LIE,
    /** Nobody tells which changes events come after. */
    EVENTS_FORGET_WHAT_THEY_COME_AFTER,
    /** The log forgets changes sooner than it is said to. */
    COMPACTION_IS_EARLY,
    /** Topics made anew have the epoch of the old ones. */
    EPOCH_STAYS;

    void into(World world) {
        switch (this) {
            case NOTHING, OFFERS_LIE, EVENTS_FORGET_WHAT_THEY_COME_AFTER, COMPACTION_IS_EARLY, EPOCH_STAYS -> {}
            case CUT_SAYS_MORE -> world.reads.shift = 1;
            case CUT_SAYS_LESS -> world.reads.shift = -1;
            case CURSOR_SKIPS_A_CHANGE -> world.cursors = cursor -> shifted(cursor, 1, 0);
            case CURSOR_REPEATS_A_CHANGE -> world.cursors = cursor -> shifted(cursor, -1, 0);
            case CURSOR_SKIPS_AN_EVENT -> world.cursors = cursor -> shifted(cursor, 0, 1);
            case CURSOR_REPEATS_AN_EVENT -> world.cursors = cursor -> shifted(cursor, 0, -1);
            case HISTORY_IS_SHORT -> world.history.shortBy = 1;
        }
    }

    private static String shifted(String text, int change, int event) {
        Cursor cursor = Cursor.parse(text);
        if (cursor == null) {
            return text;
        }
        Mark mark = new Mark(
                Math.max(-1, cursor.mark().change() + change),
                Math.max(-1, cursor.mark().event() + event));
        return new Cursor(cursor.epoch(), cursor.partition(), mark, cursor.seconds()).toString();
    }
}
