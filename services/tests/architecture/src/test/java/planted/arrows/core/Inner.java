package planted.arrows.core;

/** A planted breach. */
final class Inner {
    static final Class<?> WRONG = planted.arrows.engine.Outer.class;

    private Inner() {}
}
