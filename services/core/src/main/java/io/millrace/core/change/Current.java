package io.millrace.core.change;

import io.millrace.core.value.Json;

/** What an address holds. */
public sealed interface Current {
    /** The version to compare with {@code if_version}; {@link Version#NONE} when missing. */
    Version version();

    /**
     * Nothing.
     *
     * @param deletedAt the version of the delete while it is still remembered, else {@link Version#NONE}
     */
    record Missing(Version deletedAt) implements Current {
        @Override
        public Version version() {
            return Version.NONE;
        }
    }

    /** A value, which may be JSON's null. */
    record Present(Json value, Version version) implements Current {}

    /** Nothing, and nothing known of before. */
    Current MISSING = new Missing(Version.NONE);
}
