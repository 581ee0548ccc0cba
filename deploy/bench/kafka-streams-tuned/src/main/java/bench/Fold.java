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
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * Parses the events of one source partition, sets poison aside, drops exact duplicates and keeps a total per
 * (municipality, theme, month). A municipality has one partition, so its rows go straight to the sink.
 *
 * <p>Once per commit it forwards this partition's changed subtotals of sub-regions and the province, keyed by row: key
 * {@code area|month|theme}, value the partition (int) and the absolute subtotal. {@link Rollup} adds the partitions.
 */
final class Fold implements Processor<byte[], byte[], String, byte[]> {
    static final String CELLS = "cells";
    static final String RECENT = "recent";

    private final Hierarchy hierarchy;
    private final Sink sink;
    private final Event event = new Event();
    private final Map<Key, Cell> cells = new HashMap<>();
    private final Map<Key, Subtotal> subtotals = new HashMap<>();
    private final Map<String, Recent> recents = new HashMap<>();
    private final List<Cell> changedCells = new ArrayList<>();
    private final List<Subtotal> changedSubtotals = new ArrayList<>();
    private final List<Long> poison = new ArrayList<>();
    private InternalProcessorContext<String, byte[]> context;
    private ProcessorNode<?, ?, ?, ?> node;
    private WriteBehindStore cellStore;
    private KeyValueStore<String, byte[]> recentStore;
    private int partition;

    Fold(Hierarchy hierarchy, Sink sink) {
        this.hierarchy = hierarchy;
        this.sink = sink;
    }

    static ProcessorSupplier<byte[], byte[], String, byte[]> supplier(
            Hierarchy hierarchy, Sink sink, Set<StoreBuilder<?>> stores) {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<byte[], byte[], String, byte[]> get() {
                return new Fold(hierarchy, sink);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return stores;
            }
        };
    }

    @Override
    public void init(ProcessorContext<String, byte[]> given) {
        context = (InternalProcessorContext<String, byte[]>) given;
        node = context.currentNode();
        partition = context.taskId().partition();
        recentStore = context.getStateStore(RECENT);
        cellStore = context.getStateStore(CELLS);
        cellStore.beforeCommit(this::beforeCommit);
        restore();
    }

    /** The sink may have missed what was committed just before a crash, so all restored rows go there again. */
    private void restore() {
        forget();
        try (KeyValueIterator<String, byte[]> all = cellStore.all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> stored = all.next();
                Cell cell = cell(Key.of(stored.key));
                cell.total.set(ByteBuffer.wrap(stored.value));
                cell.roll();
                sink.offer(cell.total.row(cell.text, cell.key));
            }
        }
        try (KeyValueIterator<String, byte[]> all = recentStore.all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> stored = all.next();
                recents.put(stored.key, Recent.of(stored.value));
            }
        }
    }

    /** A task whose transaction failed is revived with this same object: what it held was never committed. */
    private void forget() {
        cells.clear();
        subtotals.clear();
        recents.clear();
        changedCells.clear();
        changedSubtotals.clear();
        poison.clear();
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (!event.read(record.value()) || !hierarchy.knows(event.area)) {
            poison.add(context.recordMetadata().orElseThrow().offset());
            return;
        }
        Recent recent = recents.computeIfAbsent(event.source, source -> new Recent());
        if (!recent.add(event.sequence)) {
            return;
        }
        recent.changed = true;
        Cell cell = cell(new Key(event.area, event.theme, event.month));
        if (!cell.changed) {
            cell.changed = true;
            changedCells.add(cell);
        }
        cell.total.add(event.sign, event.sign * event.amount, event.at);
    }

    private Cell cell(Key key) {
        Cell cell = cells.get(key);
        if (cell == null) {
            Subtotal region = subtotal(new Key(hierarchy.regionOf(key.area()), key.theme(), key.month()));
            Subtotal province = subtotal(new Key(hierarchy.province(), key.theme(), key.month()));
            cell = new Cell(key, region, province);
            cells.put(key, cell);
        }
        return cell;
    }

    private Subtotal subtotal(Key key) {
        return subtotals.computeIfAbsent(key, Subtotal::new);
    }

    private void beforeCommit() {
        if (!poison.isEmpty()) {
            sink.dead(partition, poison);
            poison.clear();
        }
        for (Cell cell : changedCells) {
            cellStore.put(cell.text, cell.total.put(ByteBuffer.allocate(Total.BYTES)).array());
            sink.offer(cell.total.row(cell.text, cell.key));
            cell.roll();
            mark(cell.region);
            mark(cell.province);
            cell.changed = false;
        }
        changedCells.clear();
        recents.forEach((source, recent) -> {
            if (recent.changed) {
                recentStore.put(source, recent.bytes());
                recent.changed = false;
            }
        });
        forwardSubtotals();
    }

    private void mark(Subtotal subtotal) {
        if (!subtotal.changed) {
            subtotal.changed = true;
            changedSubtotals.add(subtotal);
        }
    }

    private void forwardSubtotals() {
        ProcessorNode<?, ?, ?, ?> previous = context.currentNode();
        context.setCurrentNode(node);
        try {
            long now = context.currentSystemTimeMs();
            for (Subtotal subtotal : changedSubtotals) {
                ByteBuffer value = ByteBuffer.allocate(Integer.BYTES + Total.BYTES).putInt(partition);
                context.forward(new Record<>(subtotal.text, subtotal.total.put(value).array(), now));
                subtotal.changed = false;
            }
            changedSubtotals.clear();
        } finally {
            context.setCurrentNode(previous);
        }
    }

    /** A row of this partition's own: a municipality's. Its parents get the difference once per commit. */
    private static final class Cell {
        final Key key;
        final String text;
        final Total total = new Total();
        final Subtotal region;
        final Subtotal province;
        boolean changed;
        private long rolledN;
        private long rolledSum;

        Cell(Key key, Subtotal region, Subtotal province) {
            this.key = key;
            text = key.text();
            this.region = region;
            this.province = province;
        }

        void roll() {
            region.total.add(total.n - rolledN, total.sum - rolledSum, total.last);
            province.total.add(total.n - rolledN, total.sum - rolledSum, total.last);
            rolledN = total.n;
            rolledSum = total.sum;
        }
    }

    /** What this partition adds to a row of a sub-region or the province. */
    private static final class Subtotal {
        final String text;
        final Total total = new Total();
        boolean changed;

        Subtotal(Key key) {
            text = key.text();
        }
    }
}
