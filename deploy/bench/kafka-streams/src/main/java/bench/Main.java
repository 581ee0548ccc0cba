package bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.UsePartitionTimeOnInvalidTimestamp;
import org.apache.kafka.streams.state.Stores;

/**
 * UC4-NL in Kafka Streams.
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
        Sink sink = new Sink(jdbc(URI.create(env.get("BENCH_DATABASE_URL"))));
        Topology topology = topology(
                env.get("BENCH_TOPIC"),
                Integer.parseInt(env.get("BENCH_PARTITIONS")),
                Hierarchy.read(Path.of(env.get("BENCH_HIERARCHY"))),
                sink);
        @SuppressWarnings("resource") // it never ends by itself
        KafkaStreams streams = new KafkaStreams(topology, settings(env));
        streams.setUncaughtExceptionHandler(error -> {
            error.printStackTrace();
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
        streams.start();
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

    private static Properties settings(Map<String, String> env) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, env.get("BENCH_GROUP"));
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, env.get("BENCH_SERVERS"));
        settings.put(StreamsConfig.STATE_DIR_CONFIG, env.get("BENCH_STATE"));
        settings.put(
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                env.getOrDefault("BENCH_MODE", StreamsConfig.EXACTLY_ONCE_V2));
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1000);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        settings.put(
                StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG,
                UsePartitionTimeOnInvalidTimestamp.class.getName());
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 4 << 20);
        settings.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, 1 << 20);
        // A static member: after a kill -9 it takes its place again without waiting for the session to pass.
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), "bench");
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 100);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
        return settings;
    }

    private static String jdbc(URI url) {
        String user = url.getUserInfo() == null ? "" : "?user=" + url.getUserInfo();
        return "jdbc:postgresql://" + url.getHost() + ":" + url.getPort() + url.getPath() + user;
    }
}
