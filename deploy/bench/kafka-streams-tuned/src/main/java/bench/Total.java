package bench;

import java.nio.ByteBuffer;

/** Count, sum and latest event time (microseconds since 1970). */
final class Total {
    static final int BYTES = 3 * Long.BYTES;

    long n;
    long sum;
    long last = Long.MIN_VALUE;

    void add(long moreN, long moreSum, long at) {
        n += moreN;
        sum += moreSum;
        last = Math.max(last, at);
    }

    void set(ByteBuffer from) {
        n = from.getLong();
        sum = from.getLong();
        last = from.getLong();
    }

    ByteBuffer put(ByteBuffer to) {
        return to.putLong(n).putLong(sum).putLong(last);
    }

    Row row(String text, Key key) {
        return new Row(text, key, n, sum, last);
    }
}
