package io.millrace.engine.feed;

import io.millrace.engine.port.Mark;
import java.util.List;
import java.util.function.Consumer;

/**
 * Somebody asks for what it lacks.
 *
 * @param lane on which it is answered, in order with the frames: what the lane is given before is not among what is found,
 *     and everything that it is given later comes after it
 * @param from how far it has got
 * @param patience what may be done about it
 * @param mostBytes of frames at a time; at least one is found if there is any
 * @param answer gets it
 */
record CatchUp(Lane lane, Target target, Mark from, Patience patience, int mostBytes, Consumer<Answer> answer) {
    void answer(Answer found) {
        lane.post(List.of(new Parcel.Task(() -> answer.accept(found))));
    }

    /** What may be done for somebody. */
    sealed interface Patience {
        /** Nothing: what is not in memory is gone. */
        enum None implements Patience {
            /** The only one. */
            NONE
        }

        /** The log may be read again, and waited for. For who has just got a snapshot. */
        enum Log implements Patience {
            /** The only one. */
            LOG
        }

        /**
         * The same for one who brings its own cursor, which may be wrong.
         *
         * @param seconds of the cursor
         */
        record Cursor(long seconds) implements Patience {}
    }

    /** What comes of it. */
    sealed interface Answer {
        /**
         * What it lacks, in order.
         *
         * @param all whether that is all; else it may ask for more
         * @param through how far it has got with it, if that is all
         */
        record Found(List<Delivery> deliveries, boolean all, Mark through) implements Answer {}

        /** It cannot be had. */
        record Gone(Reset reason) implements Answer {}
    }
}
