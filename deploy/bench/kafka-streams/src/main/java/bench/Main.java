package bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * UC4-NL in Kafka Streams as one ships it: the public API only, and of that the DSL where it will do.
 *
 * <pre>
 * source -> Intake: parse, poison aside, drop duplicates -> repartition by row -> table of municipalities -> Postgres
 *     -> (changed rows, old and new, once per commit) -> table of sub-regions -> Postgres
 *                                                     -> table of the province -> Postgres
 * </pre>
 *
 * <p>As in Theodolite's UC4 an event crosses a topic to its row, and a higher level gets a changed row as subtract the
 * old, add the new. The record caches hold all rows, so RocksDB and the changelogs get a changed one once per commit.
 *
 * <p>Tried: each event to its rows at all three levels was dearer; in-memory stores made no difference.
 *
 * <p>Each table is published by the commit of the one before: a higher level's row is up to two or three commits old.
 */
final class Main {
    private static final int CACHE_BYTES = 64 << 20;
    /** One thread runs all tasks. More would only cost more requests. */
    private static final int ROW_PARTITIONS = 2;

    private static final String MUNICIPALITIES = "municipalities";
    private static final String REGIONS = "regions";
    private static final String PROVINCE = "province";
    private static final Map<String, String> CHANGELOG = Map.of(TopicConfig.COMPRESSION_TYPE_CONFIG, "producer");

    private Main() { }

    public static void main(String[] arguments) throws IOException {
        Map<String, String> env = System.getenv();
        Hierarchy hierarchy = Hierarchy.read(Path.of(env.get("BENCH_HIERARCHY")));
        Properties settings = Settings.of(env);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
        Settings.run(topology(env.get("BENCH_TOPIC"), hierarchy, Settings.sink(env)), settings);
    }

    private static Topology topology(String topic, Hierarchy hierarchy, Sink sink) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.addStateStore(Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(Intake.SEEN), Serdes.String(), Serdes.ByteArray())
                .withCachingEnabled()
                .withLoggingEnabled(CHANGELOG));
        KTable<String, Total> municipalities = builder
                .stream(topic, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
                .process(() -> new Intake(hierarchy, sink), Intake.SEEN)
                .repartition(Repartitioned.with(Serdes.String(), Total.SERDE)
                        .withName("events")
                        .withNumberOfPartitions(ROW_PARTITIONS))
                .groupByKey()
                .aggregate(() -> Total.NONE, (row, event, total) -> total.plus(event), table(MUNICIPALITIES));
        KTable<String, Total> regions = municipalities
                .groupBy((row, total) -> KeyValue.pair(parent(row, hierarchy::regionOf), total), by("to-regions"))
                .aggregate(() -> Total.NONE, Main::add, Main::subtract, table(REGIONS));
        KTable<String, Total> province = municipalities
                .groupBy(
                        (row, total) -> KeyValue.pair(parent(row, area -> hierarchy.province()), total),
                        by("to-province"))
                .aggregate(() -> Total.NONE, Main::add, Main::subtract, table(PROVINCE));
        municipalities.toStream().process(() -> new Upsert(MUNICIPALITIES, sink), MUNICIPALITIES);
        regions.toStream().process(() -> new Upsert(REGIONS, sink), REGIONS);
        province.toStream().process(() -> new Upsert(PROVINCE, sink), PROVINCE);
        return builder.build();
    }

    private static Total add(String row, Total part, Total total) {
        return total.plus(part);
    }

    private static Total subtract(String row, Total part, Total total) {
        return total.minus(part);
    }

    private static String parent(String row, UnaryOperator<String> parentOf) {
        int area = row.indexOf('|');
        return parentOf.apply(row.substring(0, area)) + row.substring(area);
    }

    private static Grouped<String, Total> by(String name) {
        return Grouped.with(name, Serdes.String(), Total.SERDE);
    }

    private static Materialized<String, Total, KeyValueStore<Bytes, byte[]>> table(String name) {
        return Materialized.<String, Total, KeyValueStore<Bytes, byte[]>>as(name)
                .withKeySerde(Serdes.String())
                .withValueSerde(Total.SERDE)
                .withCachingEnabled()
                .withLoggingEnabled(CHANGELOG);
    }
}
