package planted.cycles.a;

/** A planted breach. */
public final class A {
    static final Class<?> WRONG = planted.cycles.b.B.class;

    private A() {}
}
