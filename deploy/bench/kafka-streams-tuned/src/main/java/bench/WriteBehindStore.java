package bench;

import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.internals.WrappedStateStore;

/**
 * A logged key-value store whose user keeps the values as objects and writes the changed ones just before each commit.
 *
 * <p>What Streams' own record cache does, and by the same door ({@code flushCache}, an internal interface: there is no
 * public one). That cache keeps bytes, so it would serialise and deserialise a value for each event.
 */
final class WriteBehindStore extends WrappedStateStore<KeyValueStore<String, byte[]>, String, byte[]> {
    private Runnable beforeCommit = () -> { };

    private WriteBehindStore(KeyValueStore<String, byte[]> inner) {
        super(inner);
    }

    void beforeCommit(Runnable write) {
        beforeCommit = write;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        beforeCommit = () -> { };
        super.init(context, root);
    }

    @Override
    public void flushCache() {
        beforeCommit.run();
    }

    void put(String key, byte[] value) {
        wrapped().put(key, value);
    }

    KeyValueIterator<String, byte[]> all() {
        return wrapped().all();
    }

    static StoreBuilder<WriteBehindStore> builder(String name, Map<String, String> changelog) {
        return new Builder(
                Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
                        .withLoggingEnabled(changelog));
    }

    private record Builder(StoreBuilder<KeyValueStore<String, byte[]>> inner)
            implements StoreBuilder<WriteBehindStore> {
        @Override
        public WriteBehindStore build() {
            return new WriteBehindStore(inner.build());
        }

        @Override
        public StoreBuilder<WriteBehindStore> withCachingEnabled() {
            throw new UnsupportedOperationException();
        }

        @Override
        public StoreBuilder<WriteBehindStore> withCachingDisabled() {
            return this;
        }

        @Override
        public StoreBuilder<WriteBehindStore> withLoggingEnabled(Map<String, String> config) {
            inner.withLoggingEnabled(config);
            return this;
        }

        @Override
        public StoreBuilder<WriteBehindStore> withLoggingDisabled() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Map<String, String> logConfig() {
            return inner.logConfig();
        }

        @Override
        public boolean loggingEnabled() {
            return true;
        }

        @Override
        public String name() {
            return inner.name();
        }
    }
}
