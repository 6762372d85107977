package planted.cycles.b;

/** A planted breach. */
public final class B {
    static final Class<?> WRONG = planted.cycles.a.A.class;

    private B() {}
}
