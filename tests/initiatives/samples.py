"""An initiative to register, and what the service published."""

from shared.database import Connection

INITIATIVE: dict[str, object] = {
    "id": "buurtkamer",
    "number": None,
    "title": "Buurtkamer Annawijk",
    "challenge": "Bewoners kennen elkaar niet.",
    "approach": "Een kamer waar iedereen binnen mag lopen.",
    "learningQuestion": "Wie komt er, en wie niet?",
    "lines": ["gebiedsgericht"],
    "themes": ["verbinding"],
    "municipalities": ["GM0794"],
    "partners": ["pon"],
}
PATH = "/initiatives/v1/initiatives"


async def outbox_events(connection: Connection) -> list[str]:
    """The type of every event, in order."""
    return [row["type"] for row in await connection.fetch("SELECT type FROM outbox ORDER BY position")]
