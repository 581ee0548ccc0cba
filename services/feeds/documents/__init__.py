"""The documents: what the feeds offer, for programs (types, schemas, AsyncAPI) and for people."""
