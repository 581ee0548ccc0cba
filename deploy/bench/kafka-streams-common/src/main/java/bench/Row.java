package bench;

/** A row of the table `cell` as it was when this was made. */
record Row(String text, Key key, long n, long sum, long last) { }
