"""The menu as a data file."""

import tomllib
from importlib import import_module

import msgspec
import pytest

from deploy.documents.generated import menu_of
from deploy.local import SERVICES
from shared.web import menu, pages
from shared.web.menu import MenuEntry


def test_what_is_written_is_read_back_in_order_the_footer_last() -> None:
    entries = [
        MenuEntry("/c", "C", 1, in_footer=True),
        MenuEntry("/b", 'Een "b" met é', 2),
        MenuEntry("/a", "A", 1),
    ]
    written = tomllib.loads(menu.render(entries))["entry"]
    assert msgspec.convert(written, list[MenuEntry]) == [entries[2], entries[1], entries[0]]


def test_no_two_entries_stand_at_one_place() -> None:
    places = [(entry.in_footer, entry.order) for entry in menu.read()]
    assert len(places) > 5
    assert places == sorted(set(places))


@pytest.mark.parametrize("service", SERVICES)
def test_an_entry_leads_to_the_service_that_offers_it(service: str) -> None:
    prefixes: tuple[str, ...] = import_module(f"services.{service}").PREFIXES
    for entry in menu_of(service):
        assert entry.href == "/" or f"/{entry.href.split('/')[1]}" in prefixes


def test_every_page_has_the_menu_and_the_footer() -> None:
    page = bytes(pages.error_page("finance", 404, "Niet gevonden", "Er is niets.").body).decode()
    for entry in menu.read():
        assert f'<li><a href="{entry.href}">{entry.label}</a></li>' in page
