"""The rules of what is known of an indicator and its versions. Pure."""

from collections.abc import Sequence
from datetime import date

from shared.contracts.monitor import IndicatorRegistered, IndicatorVersionPublished
from shared.contracts.registers import (
    IndicatorChanged,
    IndicatorCorrected,
    IndicatorVersionCorrected,
    IndicatorVersionWithdrawn,
    IndicatorWithdrawn,
)
from shared.contracts.revision import state_of
from shared.contracts.vocabulary import Measure
from shared.refusals import Conflict, Invalid
from shared.revisions import Asked, AskedSince, Said, revise, still_named

from ..figure.quantity import quantity_of

IndicatorRevised = IndicatorCorrected | IndicatorChanged | IndicatorWithdrawn
VersionRevised = IndicatorVersionCorrected | IndicatorVersionWithdrawn


def check(indicator: IndicatorRegistered) -> None:
    """Refuse a scale of which answers follow from a mean."""
    if indicator.measure is Measure.MEAN and quantity_of(indicator.measure, indicator.unit).too_short:
        reason = "Een schaal heeft minstens vier punten: van ja of nee is een aandeel (ratio), geen gemiddelde."
        raise Invalid("scale-too-short", reason, "#/unit")


def check_version(version: IndicatorVersionPublished, field: str) -> None:
    """Refuse a version that says both that it compares and why not, or neither."""
    if version.comparable and version.reason is not None:
        raise Invalid("reason-of-comparable", "Wie vergelijkbaar is, heeft geen reden (null).", f"#/{field}")
    if not version.comparable and version.reason is None:
        raise Invalid("reason-missing", "Zeg waarom cijfers van ervoor niet vergelijkbaar zijn.", f"#/{field}")


def correct(said: Sequence[Said], asked: Asked[IndicatorRegistered], used: str | None) -> IndicatorRevised | None:
    """It was this from the start. `used` is what needs it, in Dutch: then it goes on being measured as it is."""
    check(asked.subject)
    if used is not None:
        _keep_measured(said, asked.subject, f"{used} van deze indicator: wat en hoe hij meet ligt vast")
    return revise(said, IndicatorCorrected, asked.grounds, asked.subject)


def change(said: Sequence[Said], asked: AskedSince[IndicatorRegistered], today: date) -> IndicatorRevised | None:
    """It is this from a day on. Every page shows what it is now, so not from a day to come."""
    if asked.since > today:
        raise Conflict("date-in-future", "Een indicator verandert op zijn laatst vandaag.", "#/from")
    _keep_measured(said, asked.subject, "Wat en hoe een indicator meet verandert niet zo")
    return revise(said, IndicatorChanged, asked.grounds, asked.subject, since=asked.since)


def withdraw(said: Sequence[Said], asked: Asked[str], used: str | None) -> IndicatorRevised | None:
    """It is no indicator: nothing needs it."""
    revision = revise(said, IndicatorWithdrawn, asked.grounds)
    if revision is not None and used is not None:
        raise still_named(revision, used)
    return revision


def _keep_measured(said: Sequence[Said], wanted: IndicatorRegistered, why: str) -> None:
    there = state_of(said[-1].event)
    for field in ("theme", "measure", "unit"):
        if getattr(there, field) != getattr(wanted, field):
            way = "Publiceer een nieuwe versie (POST …/versions), of registreer een andere indicator."
            raise Conflict("measured-otherwise", f"{why}. {way}", f"#/{field}")


def correct_version(
    said: Sequence[Said],
    asked: Asked[IndicatorVersionPublished],
    versions: Sequence[IndicatorVersionPublished],
    observed: bool,
) -> VersionRevised | None:
    """It was this from the start, between the days of those before and after it. Where something was `observed` by it
    or by the one before, its day stays: rows were held to it."""
    wanted = asked.subject
    check_version(wanted, "notComparableBecause")
    revision = revise(said, IndicatorVersionCorrected, asked.grounds, wanted)
    for other in versions:
        between = other.valid_from < wanted.valid_from if other.version < wanted.version else None
        if other.version > wanted.version:
            between = wanted.valid_from < other.valid_from
        if between is False:
            detail = f"Versie {other.version} geldt vanaf {other.valid_from}: versies volgen op elkaar."
            raise Conflict("not-in-order", detail, "#/validFrom")
        if other.version == wanted.version and other.valid_from != wanted.valid_from and observed:
            detail = "Er zijn waarnemingen van deze versie of die ervoor: de dag ligt vast."
            raise Conflict("version-observed", detail, "#/validFrom")
    return revision


def withdraw_version(
    said: Sequence[Said], asked: Asked[int], versions: Sequence[IndicatorVersionPublished], observed: bool
) -> VersionRevised | None:
    """It is none: the newest, by which nothing was observed."""
    revision = revise(said, IndicatorVersionWithdrawn, asked.grounds)
    if revision is None:
        return None
    if versions[-1].version != asked.subject:
        raise Conflict("not-newest", f"Versie {versions[-1].version} komt erna: trek die eerst in.")
    if observed:
        raise still_named(revision, "waarnemingen")
    return revision
