package io.millrace.web.socket;

/** The close codes of RFC 6455 that we send or look at. */
public final class CloseCode {
    /** All is well. */
    public static final int NORMAL = 1000;
    /** We stop. */
    public static final int GOING_AWAY = 1001;
    /** The peer breaks RFC 6455. */
    public static final int PROTOCOL_ERROR = 1002;
    /** Never on the wire: a close frame without a code. */
    public static final int NONE = 1005;
    /** Text that is none, or compression. */
    public static final int NOT_UTF8 = 1007;
    /** The peer does what we do not allow. */
    public static final int POLICY = 1008;
    /** A message beyond the limit. */
    public static final int TOO_BIG = 1009;
    /** There is no room now. */
    public static final int TRY_AGAIN_LATER = 1013;
    /** A bug of ours. */
    public static final int INTERNAL_ERROR = 1011;

    private CloseCode() {}

    /** Whether a peer may send it. */
    static boolean mayBeSent(int code) {
        return switch (code) {
            case 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014 -> true;
            default -> code >= 3000 && code <= 4999;
        };
    }
}
