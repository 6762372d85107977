package io.millrace.node.config;

/** Text that is no value of a kind. Never leaves this package: the problem list says it with name and origin. */
final class Unfit extends Exception {
    private static final long serialVersionUID = 1L;

    Unfit() {
        super(null, null, false, false);
    }
}
