package bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.Stores;

/**
 * UC4-NL in Kafka Streams, optimised by hand. It uses Streams' internals ({@code WrappedStateStore.flushCache},
 * {@code InternalProcessorContext}), which any release may change, and serialises nothing per event: its values are
 * objects on the heap, written to the stores only before a commit. What one would ship is in the folder kafka-streams.
 *
 * <pre>
 * source -> Fold: parse, poison aside, drop duplicates, total per municipality -> Postgres
 *               -> (subtotals per partition, once per commit) -> repartition -> Rollup: sum -> Postgres
 * </pre>
 *
 * <p>Rows of a sub-region and the province span partitions, so they must cross a topic. What crosses it is not the
 * event, as in the textbook's groupBy, but each partition's subtotal when it changed: once per commit interval.
 *
 * <p>State: objects on the heap over in-memory stores ({@link WriteBehindStore}); a changelog gets a changed value once
 * per commit, in lz4. Tried and not better: larger buffers and polls than Streams' defaults, G1.
 *
 * <p>Under exactly_once_v2 the totals are exact after a crash. Rows may show an aborted transaction for a moment. As
 * with any sink outside Kafka, a former instance that was paused could still write old values after its successor.
 */
final class Main {
    /** The rows of the upper levels are few. More would only cost more requests. */
    private static final int ROLLUP_PARTITIONS = 2;

    private static final Map<String, String> CHANGELOG = Map.of(TopicConfig.COMPRESSION_TYPE_CONFIG, "producer");

    private Main() { }

    public static void main(String[] arguments) throws IOException {
        Map<String, String> env = System.getenv();
        Topology topology = topology(
                env.get("BENCH_TOPIC"),
                Integer.parseInt(env.get("BENCH_PARTITIONS")),
                Hierarchy.read(Path.of(env.get("BENCH_HIERARCHY"))),
                Settings.sink(env));
        Properties settings = Settings.of(env);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        Settings.run(topology, settings);
    }

    private static Topology topology(String topic, int partitions, Hierarchy hierarchy, Sink sink) {
        // The sequence numbers are in RocksDB, touched once per commit: with a persistent store Streams keeps its
        // process id, so after a kill -9 it fences its former self at once, not when its transaction times out.
        var recent = Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(Fold.RECENT), Serdes.String(), Serdes.ByteArray())
                .withLoggingEnabled(CHANGELOG);
        var cells = WriteBehindStore.builder(Fold.CELLS, CHANGELOG);
        var totals = WriteBehindStore.builder(Rollup.TOTALS, CHANGELOG);
        var subtotals = Repartitioned.with(Serdes.String(), Serdes.ByteArray())
                .withName("subtotals")
                .withNumberOfPartitions(ROLLUP_PARTITIONS);
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(topic, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
                .process(Fold.supplier(hierarchy, sink, Set.of(cells, recent)))
                .repartition(subtotals)
                .process(Rollup.supplier(partitions, sink, Set.of(totals)));
        return builder.build();
    }
}
