package bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Upserts changed rows in the background: the values are absolute, so the latest of a row is enough and any may come
 * twice. The stream thread does not wait for Postgres, except to set poison aside, which no state keeps.
 */
final class Sink {
    private static final long LINGER_MS = 50;
    private static final String UPSERT =
            """
            INSERT INTO cell (area, theme, month, n, sum, last)
            SELECT area, theme, month, n, sum, to_timestamp(last / 1e6::float8)
            FROM unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[])
                AS row (area, theme, month, n, sum, last)
            ON CONFLICT (area, theme, month)
            DO UPDATE SET n = EXCLUDED.n, sum = EXCLUDED.sum, last = EXCLUDED.last
            """;
    private static final String DEAD =
            "INSERT INTO dead SELECT ?, unnest(?::bigint[]) ON CONFLICT DO NOTHING";

    private final Session rows;
    private final Session poison;
    private Map<String, Row> waiting = new HashMap<>();

    Sink(String url) {
        rows = new Session(url, UPSERT);
        poison = new Session(url, DEAD);
        ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();
        writer.scheduleWithFixedDelay(this::write, LINGER_MS, LINGER_MS, TimeUnit.MILLISECONDS);
    }

    synchronized void offer(Row row) {
        waiting.put(row.text(), row);
    }

    /** Returns when the dead letters are in the table; throws when they are not, and the partition is read again. */
    void dead(int partition, List<Long> offsets) {
        try {
            PreparedStatement insert = poison.statement();
            insert.setInt(1, partition);
            insert.setArray(2, insert.getConnection().createArrayOf("int8", offsets.toArray()));
            insert.executeUpdate();
        } catch (SQLException error) {
            poison.drop();
            throw new IllegalStateException("dead letters could not be written", error);
        }
    }

    private synchronized Map<String, Row> take() {
        Map<String, Row> taken = waiting;
        if (!taken.isEmpty()) {
            waiting = new HashMap<>();
        }
        return taken;
    }

    private synchronized void giveBack(Map<String, Row> taken) {
        taken.forEach(waiting::putIfAbsent);
    }

    private void write() {
        Map<String, Row> taken = take();
        if (taken.isEmpty()) {
            return;
        }
        try {
            upsert(taken.values());
        } catch (SQLException error) {
            System.err.println("rows could not be written, trying again: " + error.getMessage());
            rows.drop();
            giveBack(taken);
        }
    }

    private void upsert(Collection<Row> taken) throws SQLException {
        List<String> area = new ArrayList<>(taken.size());
        List<String> theme = new ArrayList<>(taken.size());
        List<String> month = new ArrayList<>(taken.size());
        long[] n = new long[taken.size()];
        long[] sum = new long[taken.size()];
        long[] last = new long[taken.size()];
        int i = 0;
        for (Row row : taken) {
            area.add(row.key().area());
            theme.add(row.key().theme());
            month.add(row.key().monthText());
            n[i] = row.n();
            sum[i] = row.sum();
            last[i++] = row.last();
        }
        PreparedStatement upsert = rows.statement();
        Connection connection = upsert.getConnection();
        upsert.setArray(1, connection.createArrayOf("text", area.toArray()));
        upsert.setArray(2, connection.createArrayOf("text", theme.toArray()));
        upsert.setArray(3, connection.createArrayOf("text", month.toArray()));
        upsert.setObject(4, n);
        upsert.setObject(5, sum);
        upsert.setObject(6, last);
        upsert.executeUpdate();
    }

    /** A connection with one prepared statement, made anew after an error. */
    private static final class Session {
        private final String url;
        private final String sql;
        private Connection connection;
        private PreparedStatement prepared;

        Session(String url, String sql) {
            this.url = url;
            this.sql = sql;
        }

        PreparedStatement statement() throws SQLException {
            if (connection == null) {
                connection = DriverManager.getConnection(url);
                prepared = connection.prepareStatement(sql);
            }
            return prepared;
        }

        void drop() {
            try {
                if (connection != null) {
                    connection.close();
                }
            } catch (SQLException ignored) {
                // It is being thrown away because it is broken.
            }
            connection = null;
        }
    }
}
