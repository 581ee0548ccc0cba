"""The Dutch page of the network: who takes part, and the dialogues."""

from pathlib import Path

from fastapi import APIRouter, Request, Response

from shared import directory
from shared.contracts.vocabulary import OrganisationKind
from shared.http.request_state import pool_of
from shared.web import pages
from shared.web.dutch import by_name

from ..dialogues import views as dialogues
from ..dialogues.domain import Status
from . import views

router = APIRouter(include_in_schema=False)
_TEMPLATES = Path(__file__).parent / "templates"
_PAGE = 50
_MOST = 2000

#: Who takes part, in this order.
KINDS = (
    OrganisationKind.PROGRAMME_TEAM,
    OrganisationKind.GOVERNMENT,
    OrganisationKind.EXECUTIVE,
    OrganisationKind.NETWORK,
    OrganisationKind.KNOWLEDGE,
    OrganisationKind.SOCIAL,
    OrganisationKind.COMPANY,
    OrganisationKind.EUROPEAN_PARTNER,
)


@router.get("/netwerk")
async def network(request: Request) -> Response:
    """Who takes part, and the dialogues."""
    async with pool_of(request).acquire() as connection:
        organisations = (await views.read_organisations(connection, None, None, _MOST)).items
        names = await views.read_names(connection)
        totals = await dialogues.count_dialogues(connection)
        newest = {status: await dialogues.read_newest(connection, status, _PAGE) for status in Status}
        municipalities = await directory.names(connection, "municipality")
    by_kind = [(kind.label, [o for o in organisations if o.kind is kind]) for kind in KINDS]
    return pages.page(
        _TEMPLATES,
        "netwerk.html",
        "community",
        {
            "kinds": [(label, sorted(group, key=lambda o: by_name(o.name))) for label, group in by_kind if group],
            "total": len(organisations),
            "names": names,
            "totals": totals,
            "dialogues": newest,
            "statuses": tuple(Status),
            "municipalities": municipalities,
        },
    )
