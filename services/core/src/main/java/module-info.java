import org.jspecify.annotations.NullMarked;

/** The model, pure: addresses, values, update ops, mutations, decisions and changes. No clocks, no chance, no I/O. */
@NullMarked
module io.millrace.core {
    requires transitive tools.jackson.databind;
    requires transitive static org.jspecify;

    exports io.millrace.core.address;
    exports io.millrace.core.change;
    exports io.millrace.core.update;
    exports io.millrace.core.value;
}
