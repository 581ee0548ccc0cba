"""The activity: what happens in the programme, told in Dutch, in one order, to read page by page or as a stream."""
