package io.millrace.engine.feed;

/** What a lane is left, to be dealt with in order. */
sealed interface Parcel permits Delivery, Parcel.Task {
    /** How much of the lane's bound it takes. */
    int bytes();

    /** Something to be done between two frames. */
    record Task(Runnable work) implements Parcel {
        @Override
        public int bytes() {
            return 0;
        }
    }
}
