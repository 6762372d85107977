package io.millrace.kafka;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds what all stores of this process take outside the heap: one block cache, in which the write buffers count too.
 * Public and static because Kafka Streams creates one for each store by name; not meant for anybody else.
 */
public final class RocksMemory implements RocksDBConfigSetter {
    /** The setting that says how much, in bytes. The first store of the process decides. */
    static final String BYTES = "millrace.store.memory.bytes";

    private static final double INDEX_SHARE = 0.1;

    private static @Nullable Shared shared;

    /** For Kafka Streams. */
    public RocksMemory() {}

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        Shared memory = shared(Long.parseLong(String.valueOf(configs.get(BYTES))));
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(memory.cache);
        // Otherwise indexes and filters would live outside the cache, without a bound.
        table.setCacheIndexAndFilterBlocks(true);
        table.setCacheIndexAndFilterBlocksWithHighPriority(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(memory.buffers);
        options.setCompressionType(CompressionType.LZ4_COMPRESSION);
    }

    @Override
    public void close(String storeName, Options options) {
        // The cache is everybody's.
    }

    private static synchronized Shared shared(long bytes) {
        Shared known = shared;
        if (known == null) {
            known = new Shared(bytes);
            shared = known;
        }
        return known;
    }

    /** What all stores have in common, for as long as the process lives. */
    private static final class Shared {
        private final Cache cache;
        private final WriteBufferManager buffers;

        Shared(long bytes) {
            // Not strict: a full cache must slow reads down, not fail them.
            this.cache = new LRUCache(bytes, -1, false, INDEX_SHARE);
            this.buffers = new WriteBufferManager(bytes / 2, cache);
        }
    }
}
