package io.millrace.loadtest;

/** The targets there are. */
enum TargetKind {
    /** A bare transactional producer per partition. */
    BARE {
        @Override
        WriteTarget open(String bootstrapServers, int partitions, Workload workload) {
            return new BareProducer(bootstrapServers, partitions, workload);
        }
    };

    /** Opens a target that is ready to be loaded. */
    abstract WriteTarget open(String bootstrapServers, int partitions, Workload workload);
}
