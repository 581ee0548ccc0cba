package bench;

import java.util.List;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Parses the events of one source partition, sets poison aside and drops exact duplicates.
 *
 * <p>The sequence numbers seen are bits: a value in the store is the bits of {@value #BLOCK} consecutive numbers of one
 * source. The store's cache writes a block once per commit.
 */
final class Intake implements Processor<byte[], byte[], String, Total> {
    static final String SEEN = "seen";
    private static final int BLOCK = 2048;
    /** A million numbers back. The log repeats a record at most 5,000 records of its partition later. */
    private static final int BLOCKS_KEPT = 512;

    private final Hierarchy hierarchy;
    private final Sink sink;
    private final Event event = new Event();
    private ProcessorContext<String, Total> context;
    private KeyValueStore<String, byte[]> seen;

    Intake(Hierarchy hierarchy, Sink sink) {
        this.hierarchy = hierarchy;
        this.sink = sink;
    }

    @Override
    public void init(ProcessorContext<String, Total> given) {
        context = given;
        seen = context.getStateStore(SEEN);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (!event.read(record.value()) || !hierarchy.knows(event.area)) {
            sink.dead(context.taskId().partition(), List.of(context.recordMetadata().orElseThrow().offset()));
        } else if (isNew(event.source, event.sequence)) {
            String key = new Key(event.area, event.theme, event.month).text();
            Total one = new Total(event.sign, event.sign * event.amount, event.at);
            context.forward(new Record<>(key, one, record.timestamp()));
        }
    }

    private boolean isNew(String source, long sequence) {
        long block = sequence / BLOCK;
        String key = source + '|' + block;
        byte[] stored = seen.get(key);
        int at = (int) (sequence % BLOCK);
        int bit = 1 << at % Byte.SIZE;
        if (stored != null && (stored[at / Byte.SIZE] & bit) != 0) {
            return false;
        }
        if (stored == null && block >= BLOCKS_KEPT) {
            seen.delete(source + '|' + (block - BLOCKS_KEPT));
        }
        byte[] bits = stored == null ? new byte[BLOCK / Byte.SIZE] : stored.clone();
        bits[at / Byte.SIZE] |= (byte) bit;
        seen.put(key, bits);
        return true;
    }
}
