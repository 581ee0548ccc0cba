"""The processes of a service: API, stream worker, relay, and the one-shot steps before them."""
