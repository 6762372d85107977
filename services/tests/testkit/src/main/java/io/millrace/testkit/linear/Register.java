package io.millrace.testkit.linear;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One key as it should be.
 *
 * @param value null: missing
 * @param version the version of the value; if it is not exact, one that the value's is above, since nobody was told it
 */
record Register(@Nullable String value, long version, boolean exact) {
    /** Nothing was ever written. */
    static final Register EMPTY = new Register(null, 0, false);

    /** What it is after this was asked and answered; null if that cannot have been the answer. */
    @Nullable
    Register after(Ask ask, Answer answer) {
        return switch (ask) {
            case Ask.Get ignored -> read(answer);
            case Ask.Put put -> written(put.value(), answer);
            case Ask.PutIf put -> writtenIf(put, answer);
            case Ask.Add add -> written(Long.toString(number() + add.by()), answer);
            case Ask.Remove ignored -> removed(answer);
        };
    }

    private @Nullable Register read(Answer answer) {
        return switch (answer) {
            case Answer.Seen seen -> Objects.equals(seen.value(), value) ? versioned(seen.version()) : null;
            case Answer.Unknown ignored -> this;
            case Answer.Written ignored -> null;
            case Answer.Removed ignored -> null;
            case Answer.Refused ignored -> null;
        };
    }

    private @Nullable Register written(String after, Answer answer) {
        return switch (answer) {
            case Answer.Written written ->
                Objects.equals(written.before(), value) && written.after().equals(after) && written.version() > version
                        ? new Register(after, written.version(), true)
                        : null;
            case Answer.Unknown ignored -> new Register(after, version, false);
            case Answer.Seen ignored -> null;
            case Answer.Removed ignored -> null;
            case Answer.Refused ignored -> null;
        };
    }

    private @Nullable Register writtenIf(Ask.PutIf put, Answer answer) {
        return switch (answer) {
            case Answer.Written written ->
                mayBe(put.version()) && written.version() > put.version() ? written(put.value(), written) : null;
            case Answer.Refused refused ->
                refused.current() == put.version() || !mayBe(refused.current()) ? null : versioned(refused.current());
            // If it was refused it may as well be put last, where nobody looks any more.
            case Answer.Unknown ignored ->
                mayBe(put.version()) ? new Register(put.value(), Math.max(version, put.version()), false) : this;
            case Answer.Seen ignored -> null;
            case Answer.Removed ignored -> null;
        };
    }

    private @Nullable Register removed(Answer answer) {
        Register missing = new Register(null, version, false);
        return switch (answer) {
            case Answer.Removed removed -> Objects.equals(removed.before(), value) ? missing : null;
            case Answer.Unknown ignored -> missing;
            case Answer.Seen ignored -> null;
            case Answer.Written ignored -> null;
            case Answer.Refused ignored -> null;
        };
    }

    /** Whether it can have this version, 0 meaning that it is missing. */
    private boolean mayBe(long told) {
        if (value == null) {
            return told == 0;
        }
        return exact ? told == version : told > version;
    }

    private @Nullable Register versioned(long told) {
        if (told == Answer.NOT_TOLD) {
            return this;
        }
        if (!mayBe(told)) {
            return null;
        }
        return value == null ? this : new Register(value, told, true);
    }

    private long number() {
        return value == null ? 0 : Long.parseLong(value);
    }
}
