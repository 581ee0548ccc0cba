package bench;

/** One row's key. `month` counts months since the year 0. */
record Key(String area, String theme, int month) {
    /** The theme comes last: it may hold any character. */
    String text() {
        return area + '|' + monthText() + '|' + theme;
    }

    String monthText() {
        int inYear = month % 12 + 1;
        return month / 12 + (inYear < 10 ? "-0" : "-") + inYear;
    }

    static Key of(String text) {
        String[] parts = text.split("\\|", 3);
        int month = Integer.parseInt(parts[1].substring(0, 4)) * 12 + Integer.parseInt(parts[1].substring(5)) - 1;
        return new Key(parts[0], parts[2], month);
    }

    // Faster than what the compiler makes for a record.
    @Override
    public int hashCode() {
        return (area.hashCode() * 31 + theme.hashCode()) * 31 + month;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key key && month == key.month && area.equals(key.area) && theme.equals(key.theme);
    }
}
