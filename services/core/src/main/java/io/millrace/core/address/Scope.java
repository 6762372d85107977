package io.millrace.core.address;

/**
 * A scope of state.
 *
 * @param scope any text that UTF-8 can hold; may be empty
 */
public record Scope(String scope) implements Unit {
    /** Where the platform itself notes which cron jobs have run: not listed, and told only to whoever names it. */
    public static final Scope CRON = new Scope("millrace:cron");

    /** Refuses text that UTF-8 cannot hold with {@link MalformedNameException}. */
    public Scope {
        Names.check("scope", scope);
    }

    @Override
    public Space space() {
        return Space.STATE;
    }

    @Override
    public KeyPrefix prefix() {
        return KeyPrefix.ofScope(scope);
    }

    @Override
    public StateAddress address(String name) {
        return new StateAddress(scope, name);
    }
}
