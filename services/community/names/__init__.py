"""The names: what ids are called, learnt from the events, and so the sentences in which events are told."""
