"""Types, schemas and the AsyncAPI document, for programs."""

import httpx2

from services.feeds.log.domain import PUBLIC
from shared.contracts.asyncapi import PATH


async def test_types_lead_to_their_schemas(client: httpx2.AsyncClient) -> None:
    items = (await client.get("/feeds/v1/types")).json()["items"]
    assert [item["type"] for item in items] == list(PUBLIC)
    for item in items:
        assert item["description"]
        response = await client.get(item["schemaUrl"])
        assert response.headers["content-type"] == "application/schema+json"
        schema = response.json()
        assert schema["$id"] == "http://127.0.0.1:8080" + item["schemaUrl"]
        assert schema["$ref"].removeprefix("#/$defs/") in schema["$defs"]


async def test_internal_types_have_no_public_schema(client: httpx2.AsyncClient) -> None:
    response = await client.get("/feeds/v1/schemas/nl.veerkracht.dialogue.findings-recorded.v1.json")
    assert response.status_code == 404


async def test_the_asyncapi_document_is_the_generated_one(client: httpx2.AsyncClient) -> None:
    response = await client.get("/feeds/v1/asyncapi.json")
    assert response.content == PATH.read_bytes()
    assert response.headers["access-control-allow-origin"] == "*"
