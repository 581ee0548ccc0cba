"""What every request finds in its app."""

from fastapi import Request

from ..database import Pool


def pool_of(request: Request) -> Pool:
    """The service's pool."""
    pool: Pool = request.app.state.pool
    return pool
