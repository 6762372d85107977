package io.millrace.engine.route;

/** What nodes ask each other for about partitions. */
public enum Kind {
    /** Have a mutation decided. */
    SUBMIT("submit"),
    /** What an address holds. */
    GET("get"),
    /** A snapshot, and the first chunk of it. */
    CUT("cut"),
    /** The units of a partition, as far as they fit in the first chunk. */
    UNITS("units"),
    /** The next chunk. */
    NEXT("cut.next"),
    /** How far a copy is. */
    COPY("copy"),
    /** A snapshot of a copy, and the first chunk of it. */
    COPY_CUT("copy.cut");

    /** Notice: which partitions a node serves. */
    static final String OWNED = "owned";
    /** Notice: nobody wants the rest of a snapshot. */
    static final String CLOSE = "cut.close";

    private final String kind;

    Kind(String kind) {
        this.kind = kind;
    }

    /** What it is called between nodes. */
    public String kind() {
        return kind;
    }
}
