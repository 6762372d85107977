package io.millrace.testkit;

/** What is wrong with a delivery, beyond crashes, lost commits and functions that fail. */
public enum DeliveryFault {
    /** Nothing. */
    NONE,
    /** Planted: a group's place is written when records are brought, not when they are done with. */
    COMMITTED_BEFORE_HANDLED,
    /** Planted: records of one key are not kept in order. */
    NO_ORDER,
    /** Planted: a record that has used up its attempts is done with before its letter is safe. */
    LETTERS_LOST
}
