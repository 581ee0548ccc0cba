package bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** One structured CloudEvent, read in one pass over its bytes. Reused: {@link #read} overwrites the fields. */
final class Event {
    private static final JsonFactory JSON = new JsonFactory();
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
        try (JsonParser json = JSON.createParser(bytes)) {
            return json.nextToken() == JsonToken.START_OBJECT && envelope(json) && json.nextToken() == null;
        } catch (IOException | NumberFormatException | DateTimeException error) {
            return false;
        }
    }

    private boolean envelope(JsonParser json) throws IOException {
        boolean hasData = false;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            switch (name) {
                case "source" -> source = json.nextTextValue();
                case "sequence" -> sequence = Long.parseLong(text(json));
                case "data" -> {
                    if (json.nextToken() != JsonToken.START_OBJECT || !data(json)) {
                        return false;
                    }
                    hasData = true;
                }
                default -> {
                    json.nextToken();
                    json.skipChildren();
                }
            }
        }
        return hasData && source != null && sequence > 0;
    }

    private boolean data(JsonParser json) throws IOException {
        int seen = 0;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            seen++;
            switch (name) {
                case "area" -> area = text(json);
                case "theme" -> theme = text(json);
                case "at" -> time(text(json));
                case "amount" -> amount = integer(json);
                case "sign" -> {
                    long value = integer(json);
                    if (value != 1 && value != -1) {
                        return false;
                    }
                    sign = (int) value;
                }
                default -> {
                    seen--;
                    json.nextToken();
                    json.skipChildren();
                }
            }
        }
        return seen == DATA_FIELDS;
    }

    private static String text(JsonParser json) throws IOException {
        String value = json.nextTextValue();
        if (value == null || value.isEmpty()) {
            throw new NumberFormatException("text expected");
        }
        return value;
    }

    private static long integer(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.VALUE_NUMBER_INT) {
            throw new NumberFormatException("whole number expected");
        }
        return json.getLongValue();
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
