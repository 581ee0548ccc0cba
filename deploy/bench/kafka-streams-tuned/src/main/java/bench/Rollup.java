package bench;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.StoreBuilder;

/** Adds the source partitions' subtotals of each row. They are absolute, so one that comes twice changes nothing. */
final class Rollup implements Processor<String, byte[], Void, Void> {
    static final String TOTALS = "totals";

    private final int partitions;
    private final Sink sink;
    private final Map<String, Shares> rows = new HashMap<>();
    private final List<Shares> changed = new ArrayList<>();
    private WriteBehindStore store;

    Rollup(int partitions, Sink sink) {
        this.partitions = partitions;
        this.sink = sink;
    }

    static ProcessorSupplier<String, byte[], Void, Void> supplier(
            int partitions, Sink sink, Set<StoreBuilder<?>> stores) {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<String, byte[], Void, Void> get() {
                return new Rollup(partitions, sink);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return stores;
            }
        };
    }

    /** As in {@link Fold}: a revived task starts from its store, and all restored rows go to the sink again. */
    @Override
    public void init(ProcessorContext<Void, Void> context) {
        store = context.getStateStore(TOTALS);
        store.beforeCommit(this::beforeCommit);
        rows.clear();
        changed.clear();
        try (KeyValueIterator<String, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> stored = all.next();
                Shares row = row(stored.key);
                ByteBuffer value = ByteBuffer.wrap(stored.value);
                for (Total share : row.shares) {
                    share.set(value);
                }
                sink.offer(row.row());
            }
        }
    }

    @Override
    public void process(Record<String, byte[]> record) {
        Shares row = row(record.key());
        ByteBuffer value = ByteBuffer.wrap(record.value());
        row.shares[value.getInt()].set(value);
        if (!row.changed) {
            row.changed = true;
            changed.add(row);
        }
        // Now, not at the commit: the subtotals waited for one already.
        sink.offer(row.row());
    }

    private Shares row(String text) {
        return rows.computeIfAbsent(text, missing -> new Shares(missing, partitions));
    }

    private void beforeCommit() {
        for (Shares row : changed) {
            ByteBuffer value = ByteBuffer.allocate(partitions * Total.BYTES);
            for (Total share : row.shares) {
                share.put(value);
            }
            store.put(row.text, value.array());
            row.changed = false;
        }
        changed.clear();
    }

    private static final class Shares {
        final String text;
        final Key key;
        final Total[] shares;
        boolean changed;

        Shares(String text, int partitions) {
            this.text = text;
            key = Key.of(text);
            shares = new Total[partitions];
            for (int i = 0; i < partitions; i++) {
                shares[i] = new Total();
            }
        }

        Row row() {
            Total total = new Total();
            for (Total share : shares) {
                total.add(share.n, share.sum, share.last);
            }
            return total.row(text, key);
        }
    }
}
