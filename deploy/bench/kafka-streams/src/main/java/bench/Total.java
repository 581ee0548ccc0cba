package bench;

import java.nio.ByteBuffer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Count, sum and latest event time (microseconds since 1970): of one event, and of the events of a row. */
record Total(long n, long sum, long last) {
    static final Total NONE = new Total(0, 0, Long.MIN_VALUE);
    static final Serde<Total> SERDE = Serdes.serdeFrom(
            (topic, total) -> total == null ? null : total.bytes(), (topic, bytes) -> bytes == null ? null : of(bytes));

    private static final int BYTES = 3 * Long.BYTES;

    Total plus(Total other) {
        return new Total(n + other.n, sum + other.sum, Math.max(last, other.last));
    }

    /** The latest time stays: a part's own only grows, and the part is added again. */
    Total minus(Total other) {
        return new Total(n - other.n, sum - other.sum, last);
    }

    private byte[] bytes() {
        return ByteBuffer.allocate(BYTES).putLong(n).putLong(sum).putLong(last).array();
    }

    private static Total of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new Total(buffer.getLong(), buffer.getLong(), buffer.getLong());
    }
}
