package planted.arrows.engine;

/** A planted breach. */
public final class Outer {
    private Outer() {}
}
