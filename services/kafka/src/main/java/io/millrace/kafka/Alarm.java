package io.millrace.kafka;

/** Something a person has to look at. */
public sealed interface Alarm {
    /** One sentence for that person. */
    String message();

    /**
     * A record that cannot be read. Whoever read the partition has stopped there rather than skip it.
     *
     * @param reason what is wrong with it
     */
    record UnreadableRecord(String topic, int partition, long offset, String reason) implements Alarm {
        @Override
        public String message() {
            return "record " + topic + "-" + partition + "@" + offset + " cannot be read (" + reason
                    + "): the partition is followed no further";
        }
    }

    /** A partition's live events are lost from some point on, or cannot be delivered. */
    record TailStopped(int partition, String reason) implements Alarm {
        @Override
        public String message() {
            return "stream partition " + partition + " is followed no further: " + reason;
        }
    }

    /**
     * The local copies fell over.
     *
     * @param recovering whether they come back by themselves
     */
    record StoreFailed(String reason, boolean recovering) implements Alarm {
        @Override
        public String message() {
            return "the local copies failed (" + reason + "): "
                    + (recovering ? "they are opened again" : "this node must be restarted");
        }
    }

    /** A consumer group was away for longer than the topic keeps its records: some of them it will never see. */
    record GroupOvertaken(String group, String topic, int partition) implements Alarm {
        @Override
        public String message() {
            return "group " + group + " was overtaken by the retention of " + topic + "-" + partition
                    + ": it has missed what was deleted, and carries on with the earliest that is there";
        }
    }

    /** Gets alarms. May be called from any thread; must return at once. */
    @FunctionalInterface
    interface Listener {
        /** One alarm. */
        void raised(Alarm alarm);
    }
}
