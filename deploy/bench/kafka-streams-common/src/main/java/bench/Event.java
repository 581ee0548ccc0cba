package bench;

import com.alibaba.fastjson2.JSONException;
import com.alibaba.fastjson2.JSONReader;
import com.alibaba.fastjson2.util.Fnv;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** One structured CloudEvent, read in one pass over its bytes. Reused: {@link #read} overwrites the fields. */
final class Event {
    private static final long SOURCE = Fnv.hashCode64("source");
    private static final long SEQUENCE = Fnv.hashCode64("sequence");
    private static final long DATA = Fnv.hashCode64("data");
    private static final long AREA = Fnv.hashCode64("area");
    private static final long THEME = Fnv.hashCode64("theme");
    private static final long AT = Fnv.hashCode64("at");
    private static final long AMOUNT = Fnv.hashCode64("amount");
    private static final long SIGN = Fnv.hashCode64("sign");
    private static final int DATA_FIELDS = 5;

    String source;
    long sequence;
    String area;
    String theme;
    /** Event time in microseconds since 1970, UTC. */
    long at;
    /** Months since the year 0, UTC. */
    int month;
    long amount;
    int sign;

    /** Whether these bytes are an event that keeps the contract; if not, it is poison and the fields mean nothing. */
    boolean read(byte[] bytes) {
        if (bytes == null) {
            return false;
        }
        source = null;
        sequence = 0;
        try (JSONReader json = JSONReader.of(bytes)) {
            return envelope(json) && json.isEnd();
        } catch (RuntimeException error) { // the reader throws whatever it ran into, an index out of bounds too
            return false;
        }
    }

    private boolean envelope(JSONReader json) {
        boolean hasData = false;
        if (!json.nextIfObjectStart()) {
            return false;
        }
        while (!json.nextIfObjectEnd()) {
            long name = json.readFieldNameHashCode();
            if (name == SOURCE) {
                source = text(json);
            } else if (name == SEQUENCE) {
                sequence = Long.parseLong(text(json));
            } else if (name == DATA) {
                hasData = data(json);
                if (!hasData) {
                    return false;
                }
            } else {
                json.skipValue();
            }
        }
        return hasData && source != null && sequence > 0;
    }

    private boolean data(JSONReader json) {
        int seen = 0;
        if (!json.nextIfObjectStart()) {
            return false;
        }
        while (!json.nextIfObjectEnd()) {
            long name = json.readFieldNameHashCode();
            seen++;
            if (name == AREA) {
                area = text(json);
            } else if (name == THEME) {
                theme = text(json);
            } else if (name == AT) {
                time(text(json));
            } else if (name == AMOUNT) {
                amount = integer(json);
            } else if (name == SIGN) {
                sign = (int) integer(json);
            } else {
                seen--;
                json.skipValue();
            }
        }
        return seen == DATA_FIELDS && (sign == 1 || sign == -1);
    }

    /** The reader would convert: a number to text, text or a fraction to a whole number. The contract does not. */
    private static String text(JSONReader json) {
        String value = json.isString() ? json.readString() : null;
        if (value == null || value.isEmpty()) {
            throw new JSONException("text expected");
        }
        return value;
    }

    private static long integer(JSONReader json) {
        Number value = json.isNumber() ? json.readNumber() : null;
        if (value instanceof Integer || value instanceof Long) {
            return value.longValue();
        }
        throw new JSONException("whole number expected");
    }

    private void time(String text) {
        if (text.length() == 20 && text.charAt(19) == 'Z' && text.charAt(10) == 'T') {
            int year = digits(text, 0, 4);
            int ofYear = digits(text, 5, 2);
            int hour = digits(text, 11, 2);
            int minute = digits(text, 14, 2);
            int second = digits(text, 17, 2);
            boolean dashes = text.charAt(4) == '-' && text.charAt(7) == '-';
            boolean colons = text.charAt(13) == ':' && text.charAt(16) == ':';
            if (!dashes || !colons || hour > 23 || minute > 59 || second > 59) {
                throw new DateTimeException(text);
            }
            long day = LocalDate.of(year, ofYear, digits(text, 8, 2)).toEpochDay();
            at = (((day * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000;
            month = year * 12 + ofYear - 1;
        } else {
            OffsetDateTime time = OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC);
            at = time.toEpochSecond() * 1_000_000 + time.getNano() / 1000;
            month = time.getYear() * 12 + time.getMonthValue() - 1;
        }
    }

    private static int digits(String text, int from, int count) {
        int value = 0;
        for (int i = from; i < from + count; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new DateTimeException(text);
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
