package bench;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;

/** Sends the changed rows of a table to Postgres. */
final class Upsert implements Processor<String, Total, Void, Void> {
    private final String table;
    private final Sink sink;

    Upsert(String table, Sink sink) {
        this.table = table;
        this.sink = sink;
    }

    /** The sink may have missed what was committed just before a crash, so all restored rows go there again. */
    @Override
    public void init(ProcessorContext<Void, Void> context) {
        KeyValueStore<String, ValueAndTimestamp<Total>> rows = context.getStateStore(table);
        try (KeyValueIterator<String, ValueAndTimestamp<Total>> all = rows.all()) {
            all.forEachRemaining(row -> offer(row.key, row.value.value()));
        }
    }

    @Override
    public void process(Record<String, Total> changed) {
        offer(changed.key(), changed.value());
    }

    private void offer(String key, Total total) {
        sink.offer(new Row(key, Key.of(key), total.n(), total.sum(), total.last()));
    }
}
