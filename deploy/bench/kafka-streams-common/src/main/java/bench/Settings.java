package bench;

import java.net.URI;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.UsePartitionTimeOnInvalidTimestamp;

/** What both contestants in Kafka Streams set alike. */
final class Settings {
    private Settings() { }

    static Properties of(Map<String, String> env) {
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

    static Sink sink(Map<String, String> env) {
        URI url = URI.create(env.get("BENCH_DATABASE_URL"));
        String user = url.getUserInfo() == null ? "" : "?user=" + url.getUserInfo();
        return new Sink("jdbc:postgresql://" + url.getHost() + ":" + url.getPort() + url.getPath() + user);
    }

    /** Runs until the process is killed. */
    static void run(Topology topology, Properties settings) {
        @SuppressWarnings("resource") // it never ends by itself
        KafkaStreams streams = new KafkaStreams(topology, settings);
        streams.setUncaughtExceptionHandler(error -> {
            error.printStackTrace();
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
        streams.start();
    }
}
