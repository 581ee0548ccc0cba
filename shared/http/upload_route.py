"""The route of an upload."""

from fastapi.routing import APIRoute


class UploadRoute(APIRoute):
    """A route at a fixed path that reads a large body as a stream, within a limit of its own."""
