"""`/.well-known/security.txt` (RFC 9116): where someone who found a hole can say so."""

from fastapi import APIRouter, Request, Response

from ...refusals import NotFound
from ...runtime.settings import Settings
from ..routing.kinds import OPERATIONS

router = APIRouter(include_in_schema=False, tags=[OPERATIONS])


@router.get("/.well-known/security.txt")
async def get_security_txt(request: Request) -> Response:
    """Of the operator's settings; there is none when these say nothing."""
    settings: Settings = request.app.state.settings
    if not settings.security_contact or settings.security_expires is None:
        raise NotFound("no-security-contact", "De beheerder heeft hier nog geen adres voor lekken opgegeven.")
    lines = [
        *(f"Contact: {one.strip()}" for one in settings.security_contact.split(",")),
        f"Expires: {settings.security_expires.isoformat(timespec='seconds').replace('+00:00', 'Z')}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.public_url.rstrip('/')}/.well-known/security.txt",
    ]
    return Response("\n".join(lines) + "\n", media_type="text/plain; charset=utf-8")
