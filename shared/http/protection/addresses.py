"""The address of who asks, also behind proxies: only those that are named are believed."""

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import Scope

Network = IPv4Network | IPv6Network

_WITH_PORT = re.compile(r"(?:\[([^]]+)\]|(\d+\.\d+\.\d+\.\d+))(?::\d+)?")

#: A household or an office has a whole network of this size.
_IPV6_PREFIX = 64


def networks(text: str) -> tuple[Network, ...]:
    """The networks in a list with commas. Raises ValueError."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


class Addresses:
    """Tells the address of a request's client."""

    def __init__(self, trusted: tuple[Network, ...]) -> None:
        """`trusted` are the networks of the proxies."""
        self._trusted = trusted
        self._of_peer = lru_cache(4096)(self._read_peer)

    def of(self, scope: Scope) -> str:
        """The right-most address that is not of a proxy: those to the left of it are whatever the client wrote."""
        client = scope.get("client")
        if not client:
            return "unknown"
        address, is_proxy = self._of_peer(client[0])
        if not is_proxy:
            return address
        said = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for").decode("latin-1")
        return self._behind(address, [part.strip() for part in said.split(",") if part.strip()])

    def of_peer(self, peer: str) -> tuple[str, bool]:
        """What a peer counts as, and whether it is one of the proxies."""
        return self._of_peer(peer)

    def _behind(self, address: str, chain: Iterable[str]) -> str:
        for said in reversed(list(chain)):
            found = _parsed(said)
            if found is None:
                break
            address = _key(found)
            if not self._is_trusted(found):
                break
        return address

    def _read_peer(self, peer: str) -> tuple[str, bool]:
        found = _parsed(peer)
        return ("unknown", False) if found is None else (_key(found), self._is_trusted(found))

    def _is_trusted(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address.version == network.version and address in network for network in self._trusted)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    # Some proxies write the port too.
    named = _WITH_PORT.fullmatch(text)
    try:
        found = ip_address(named[1] or named[2] if named else text)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def _key(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((int(address), _IPV6_PREFIX), strict=False))
