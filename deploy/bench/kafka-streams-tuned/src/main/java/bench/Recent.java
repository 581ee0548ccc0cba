package bench;

import java.nio.ByteBuffer;

/** The latest sequence numbers of one source in one partition: enough to know an exact duplicate by. */
final class Recent {
    /** The log repeats a record at most 5,000 records later. */
    private static final int CAPACITY = 5_120;

    private final long[] ring = new long[CAPACITY];
    private long added;
    private long highest;
    boolean changed;

    /** Whether the sequence number is new; it is remembered. Only one not ahead of all others costs a search. */
    boolean add(long sequence) {
        if (sequence <= highest && contains(sequence)) {
            return false;
        }
        highest = Math.max(highest, sequence);
        ring[(int) (added++ % CAPACITY)] = sequence;
        return true;
    }

    private boolean contains(long sequence) {
        int size = (int) Math.min(added, CAPACITY);
        for (int i = 0; i < size; i++) {
            if (ring[i] == sequence) {
                return true;
            }
        }
        return false;
    }

    /** Oldest first. */
    byte[] bytes() {
        int size = (int) Math.min(added, CAPACITY);
        ByteBuffer buffer = ByteBuffer.allocate(size * Long.BYTES);
        for (long i = added - size; i < added; i++) {
            buffer.putLong(ring[(int) (i % CAPACITY)]);
        }
        return buffer.array();
    }

    static Recent of(byte[] bytes) {
        Recent recent = new Recent();
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            long sequence = buffer.getLong();
            recent.highest = Math.max(recent.highest, sequence);
            recent.ring[(int) (recent.added++ % CAPACITY)] = sequence;
        }
        return recent;
    }
}
