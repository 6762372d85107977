package io.millrace.loadtest;

/** The targets there are. */
enum TargetKind {
    /** A bare transactional producer per partition. */
    BARE {
        @Override
        WriteTarget open(Broker broker, int partitions, Workload workload) {
            return new BareTarget(broker, partitions, workload);
        }
    },
    /** The same, and the stores that Kafka Streams keeps beside it. */
    BARE_STORE {
        @Override
        WriteTarget open(Broker broker, int partitions, Workload workload) {
            return new StoredBareTarget(broker, partitions, workload);
        }
    },
    /** The engine's write path. */
    MILLRACE {
        @Override
        WriteTarget open(Broker broker, int partitions, Workload workload) {
            return new MillraceTarget(broker, partitions, workload);
        }
    };

    /** Opens a target that is ready to be loaded. */
    abstract WriteTarget open(Broker broker, int partitions, Workload workload);
}
