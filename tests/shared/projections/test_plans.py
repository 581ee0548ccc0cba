"""Every projection of every service has a plan to be rebuilt by, which reads what the projection reads."""

from dataclasses import replace
from importlib import import_module

import pytest

from deploy.local import SERVICES
from shared.projections.projector import Projection
from shared.projections.rebuild import Rebuild


def plans_of(service: str) -> dict[str, Rebuild]:
    """The plans of a service, by the name an operator gives."""
    app = import_module(f"services.{service}.app")
    return {name: plan(app.SETTINGS()) for name, plan in app.REBUILDS.items()}


def projections_of(service: str) -> dict[str, Projection]:
    """The projections of a service by name."""
    app = import_module(f"services.{service}.app")
    return {projection.name: projection for projection in app.projections(app.SETTINGS())}


@pytest.mark.parametrize("service", SERVICES)
def test_every_projection_has_a_plan(service: str) -> None:
    plans, projections = plans_of(service), projections_of(service)
    assert plans.keys() == projections.keys()
    for name, plan in plans.items():
        assert replace(plan.silent, apply=projections[name].apply) == projections[name], name


def test_there_are_projections_to_rebuild() -> None:
    assert sum(len(projections_of(service)) for service in SERVICES) >= 7
