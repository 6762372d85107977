package io.millrace.node.run;

/** Something outside keeps a command from doing its work. The message is one sentence for whoever gave the command. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is the matter and, if it is known, what to do about it. */
    public StartException(String sentence) {
        super(sentence, null, false, false);
    }
}
