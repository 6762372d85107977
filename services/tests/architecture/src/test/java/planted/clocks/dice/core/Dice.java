package planted.clocks.dice.core;

/** A planted breach. */
final class Dice {
    private Dice() {}

    static int wrong() {
        return new java.util.SplittableRandom().nextInt();
    }
}
