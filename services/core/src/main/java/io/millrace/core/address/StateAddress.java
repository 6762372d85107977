package io.millrace.core.address;

/**
 * Where a state value lives.
 *
 * @param scope any text that UTF-8 can hold (no lone surrogates), compared exactly; may be empty
 * @param key likewise
 */
public record StateAddress(String scope, String key) implements Address {
    /** Refuses text that UTF-8 cannot hold with {@link MalformedNameException}. */
    public StateAddress {
        Names.check("scope", scope);
        Names.check("key", key);
    }

    @Override
    public Scope unit() {
        return new Scope(scope);
    }

    @Override
    public String name() {
        return key;
    }

    @Override
    public RecordKey recordKey() {
        return RecordKey.of(this);
    }
}
