"""Whose request it is: what a proxy of ours says is believed, what a client says of itself is not."""

import pytest

from shared.http.protection.addresses import Addresses, networks
from shared.runtime.settings import Settings

PROXIES = Addresses(networks("10.0.0.0/8, 2001:db8:1::/48"))


@pytest.mark.parametrize(
    ("peer", "said", "address"),
    [
        ("203.0.113.5", [], "203.0.113.5"),
        ("203.0.113.5", ["198.51.100.1"], "203.0.113.5"),
        ("10.0.0.2", [], "10.0.0.2"),
        ("10.0.0.2", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.2", ["198.51.100.1:5555"], "198.51.100.1"),
        ("10.0.0.2", ["[2a02:a45f:1:2::1]:5555"], "2a02:a45f:1:2::/64"),
        ("10.0.0.2", ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.2", ["6.6.6.6, 198.51.100.1, 10.1.2.3"], "198.51.100.1"),
        ("10.0.0.2", ["6.6.6.6", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.2", ["10.1.1.1, 10.1.2.3"], "10.1.1.1"),
        ("10.0.0.2", ["198.51.100.1, rubbish"], "10.0.0.2"),
        ("10.0.0.2", [""], "10.0.0.2"),
        ("2001:db8:1::9", ["2a02:a45f:1:2:3:4:5:6"], "2a02:a45f:1:2::/64"),
        ("::ffff:10.0.0.2", ["198.51.100.1"], "198.51.100.1"),
        ("2a02:a45f:1:2::1", [], "2a02:a45f:1:2::/64"),
        ("testclient", [], "unknown"),
    ],
)
def test_the_right_most_address_that_is_no_proxy_counts(peer: str, said: list[str], address: str) -> None:
    headers = [(b"x-forwarded-for", text.encode()) for text in said]
    assert PROXIES.of({"client": (peer, 1234), "headers": headers}) == address


def test_without_proxies_nothing_that_is_said_counts() -> None:
    scope = {"client": ("10.0.0.2", 1), "headers": [(b"x-forwarded-for", b"198.51.100.1")]}
    assert Addresses(()).of(scope) == "10.0.0.2"
    assert Addresses(()).of({"client": None, "headers": []}) == "unknown"


def test_a_setting_that_is_no_network_stops_the_process() -> None:
    with pytest.raises(ValueError, match="trusted_proxies"):
        Settings(trusted_proxies="10.0.0.0/8, everyone")
