"""Reading a list over HTTP to its end."""

import httpx2


async def read_all(client: httpx2.AsyncClient, path: str, key: str, limit: int, **query: str) -> list[int]:
    """Every cursor, page by page."""
    found: list[int] = []
    while True:
        page = (await client.get(path, params={**query, "limit": str(limit)})).json()
        found += [item.get("position", item["id"]) for item in page["items"]]
        if page["next"] is None:
            return found
        query[key] = str(page["next"])
