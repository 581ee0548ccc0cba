"""The log: every public event as it was published, in one order, to read page by page or as a stream."""
