"""What each command of all services compares with what it is sent: see test_commands.py."""

from collections.abc import Mapping

from .conftest import SERVICES

#: All of an event that was said under the same id.
WHOLE = ("*",)
_NAMES_OF = "/{service}/v1/directory/{{kind}}"
_INITIATIVE = "/initiatives/v1/initiatives/{initiative}"
_INSTRUMENT = "/monitor/v1/impact/instruments/{instrument}"
_LINE = "/finance/v1/budget-lines/{line}"


def event_type(name: str) -> str:
    """The type of an event, from what is not the same in all."""
    return f"nl.veerkracht.{name}.v1"


def _names(service: str) -> Mapping[str, tuple[str, ...]]:
    """Whether what is named is there."""
    return {_NAMES_OF.format(service=service): ("id",)}


_AREA = ("code", "name", "level", "parent", "validFrom", "validUntil")
_CROSSWALK = {"/monitor/v1/area-changes": ("id", "changedOn", "kind", "predecessors", "successors")}
#: Everything that was said of it.
_VERSIONS = ("version", "type", "data")
_ORGANISATION = {"/community/v1/organisations/{organisation}/history": _VERSIONS}


def _register(things: str) -> Mapping[str, tuple[str, ...]]:
    """Everything that was said of a thing in a register of the monitor."""
    return {f"/monitor/v1/{things}/history": _VERSIONS}


_USES = {
    "/monitor/v1/learning-keys": ("mapping",),
    "/monitor/v1/impact/goals": ("indicator",),
    "/monitor/v1/outcomes": ("indicator",),
    "/monitor/v1/assessments": ("ref",),
    event_type("observations.imported"): ("indicators",),
    "/monitor/v1/aggregates": ("code",),
}
#: Rows that were brought, public or not.
_ROWS = {"/monitor/v1/observation-imports/{id}": ("unchanged", "waiting")}
_REGISTERS = {
    "/monitor/v1/areas": _AREA,
    "/monitor/v1/areas/{code}/history": _VERSIONS,
    "/monitor/v1/area-changes/{change}/history": _VERSIONS,
    **_CROSSWALK,
}
#: Whether anything was counted in a place: of what is too small for a figure, that a dialogue was held or a file is in.
_COUNTED = {
    event_type("dialogue.held"): ("municipality", "heldOn"),
    "/monitor/v1/observation-imports/{id}": ("stored", "waiting"),
}
_NAMED = {
    "/monitor/v1/impact/goals/{goal}": ("id", "area"),
    "/monitor/v1/impact/programme-areas": ("area",),
    "/monitor/v1/outcomes": ("id", "area"),
    "/monitor/v1/assessments": ("id", "area"),
    "/monitor/v1/baseline-facts": ("id", "areas"),
    "/monitor/v1/quality-findings": ("id", "area"),
}

#: What each command compares with: an event or the address of an answer that says it, and which of its members.
COMPARED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "/community/v1/organisations": {event_type("organisation.registered"): WHOLE},
    "/community/v1/organisations/{organisation}/corrections": _ORGANISATION,
    "/community/v1/organisations/{organisation}/changes": _ORGANISATION,
    "/community/v1/organisations/{organisation}/withdrawal": {
        **_ORGANISATION,
        "/community/v1/dialogues": ("organiser", "status"),
    },
    "/community/v1/dialogues": {
        event_type("dialogue.planned"): WHOLE,
        "/community/v1/organisations": ("id", "withdrawn"),
        **_names("community"),
    },
    # Not with what was recorded the first time: participants, scores and actions may be of few people.
    "/community/v1/dialogues/{dialogue}/held": {"/community/v1/dialogues/{dialogue}": ("id", "status", "plannedOn")},
    "/community/v1/dialogues/{dialogue}/withdrawal": {"/community/v1/dialogues/{dialogue}": ("id", "status")},
    "/finance/v1/budget-lines": {event_type("budget-line.adopted"): WHOLE},
    "/finance/v1/capacity-shares": {
        event_type("capacity-share.stated"): WHOLE,
        "/finance/v1/budget-lines": ("performance", "period", "amountCents"),
        "/finance/v1/capacity-shares": ("performance", "period", "amountCents"),
    },
    "/finance/v1/budget-lines/{line}/commitments": {
        "/finance/v1/commitments/{commitment}": (
            "id",
            "line",
            "period",
            "amountCents",
            "recipient",
            "initiative",
            "madeOn",
        ),
        _LINE: ("id", "period", "availableCents"),
        **_names("finance"),
    },
    "/finance/v1/commitments/{commitment}/disbursements": {
        "/finance/v1/commitments/{commitment}": (
            "id",
            "madeOn",
            "remainingCents",
            "disbursements",
            "commitment",
            "amountCents",
            "paidOn",
        )
    },
    "/finance/v1/findings": {event_type("budget-finding.published"): WHOLE},
    "/initiatives/v1/initiatives": {event_type("initiative.registered"): WHOLE, **_names("initiatives")},
    "/initiatives/v1/initiatives/{initiative}/phases": {_INITIATIVE: ("id", "phase", "phaseOn")},
    "/initiatives/v1/initiatives/{initiative}/lessons": {
        _INITIATIVE: ("id", "phase", "phaseOn"),
        f"{_INITIATIVE}/history": ("lessons", "id", "title", "worked", "transferable", "drawnOn"),
    },
    "/monitor/v1/areas": {event_type("area.registered"): WHOLE, **_REGISTERS},
    "/monitor/v1/areas/{code}/corrections": {**_REGISTERS, **_COUNTED},
    "/monitor/v1/areas/{code}/changes": {**_REGISTERS, **_COUNTED},
    "/monitor/v1/areas/{code}/withdrawal": {**_REGISTERS, **_COUNTED, **_NAMED},
    "/monitor/v1/area-changes": {event_type("area.reorganised"): WHOLE, **_REGISTERS},
    "/monitor/v1/area-changes/{change}/corrections": _REGISTERS,
    "/monitor/v1/area-changes/{change}/withdrawal": _REGISTERS,
    "/monitor/v1/indicators": {event_type("indicator.registered"): WHOLE},
    "/monitor/v1/indicators/{code}/versions": {
        event_type("indicator.version-published"): WHOLE,
        "/monitor/v1/indicators": ("code", "versions", "version", "validFrom"),
    },
    "/monitor/v1/indicators/{code}/corrections": {**_register("indicators/{code}"), **_USES},
    "/monitor/v1/indicators/{code}/changes": _register("indicators/{code}"),
    "/monitor/v1/indicators/{code}/withdrawal": {**_register("indicators/{code}"), **_USES},
    "/monitor/v1/indicators/{code}/versions/{number}/corrections": {
        **_register("indicators/{code}/versions/{number}"),
        "/monitor/v1/indicators": ("versions", "version", "validFrom"),
        **_ROWS,
    },
    "/monitor/v1/indicators/{code}/versions/{number}/withdrawal": {
        **_register("indicators/{code}/versions/{number}"),
        "/monitor/v1/indicators": ("versions", "version"),
        **_ROWS,
    },
    "/monitor/v1/methods/{code}/corrections": _register("methods/{code}"),
    "/monitor/v1/methods/{code}/withdrawal": {**_register("methods/{code}"), **_ROWS},
    "/monitor/v1/learning-keys/{number}/corrections": {
        **_register("learning-keys/{number}"),
        "/monitor/v1/indicators": ("code", "measure", "unit"),
    },
    "/monitor/v1/learning-keys/{number}/withdrawal": {
        **_register("learning-keys/{number}"),
        "/monitor/v1/learning-keys": ("version",),
    },
    "/monitor/v1/baseline-facts/{fact}/corrections": {
        **_register("baseline-facts/{fact}"),
        "/monitor/v1/areas": ("code",),
    },
    "/monitor/v1/baseline-facts/{fact}/withdrawal": _register("baseline-facts/{fact}"),
    "/monitor/v1/methods": {event_type("method.registered"): WHOLE},
    "/monitor/v1/learning-keys": {
        event_type("learning-key.published"): WHOLE,
        "/monitor/v1/learning-keys": ("version", "validFrom"),
        "/monitor/v1/indicators": ("code", "measure"),
    },
    "/monitor/v1/baseline-facts": {event_type("baseline.recorded"): WHOLE, "/monitor/v1/areas": ("code",)},
    # A file is compared with files and rows that were brought before, public or not: for who brings them, and is not
    # outside.
    "/monitor/v1/observations": {"/monitor/v1/observation-imports/{id}": ("sha256", "unchanged", "waiting")},
    "/monitor/v1/editions": {
        "/monitor/v1/editions": ("id", "title", "publication"),
        # Not while a file is half public.
        "/monitor/v1/observation-imports": ("fileName", "stepsLeft"),
    },
    "/monitor/v1/impact/goals": {
        "/monitor/v1/impact/goals/{goal}": (
            "id",
            "level",
            "question",
            "initiative",
            "title",
            "ambition",
            "paragraph",
            "counts",
            "indicator",
            "source",
            "area",
            "period",
            "baseline",
            "baselinePeriod",
            "basis",
            "target",
            "direction",
            "due",
        )
    },
    "/monitor/v1/impact/programme-areas": {
        "/monitor/v1/impact/programme-areas": ("area", "validFrom", "validUntil", "paragraph")
    },
    "/monitor/v1/outcomes": {
        "/monitor/v1/outcomes": (
            "id",
            "initiative",
            "goal",
            "indicator",
            "area",
            "lesson",
            "statement",
            "counts",
            "count",
            "evidence",
            "achievedOn",
        )
    },
    "/monitor/v1/assessments": {
        "/monitor/v1/assessments": (
            "id",
            "level",
            "question",
            "initiative",
            "statement",
            "verdict",
            "reason",
            "assessedBy",
            "assessedOn",
            "evidence",
            "kind",
            "ref",
            "area",
            "period",
            "note",
        ),
        "/monitor/v1/outcomes": ("id",),
        "/monitor/v1/impact/goals": ("id",),
    },
    "/monitor/v1/impact/instruments": {"/monitor/v1/impact/instruments": ("id", "title", "description", "paragraph")},
    "/monitor/v1/impact/instrument-evidence": {
        _INSTRUMENT: ("evidenceItems", "id", "statement", "weight", "source", "initiative", "notedOn")
    },
    "/monitor/v1/impact/instrument-decisions": {
        _INSTRUMENT: ("decisions", "id", "decision", "decidedBy", "decidedOn", "reason", "evidence")
    },
    **{
        f"/{service}/v1/dead-letters/{{letter}}/replays": {f"/{service}/v1/dead-letters": ("id", "replayedAt")}
        for service in SERVICES
    },
}
