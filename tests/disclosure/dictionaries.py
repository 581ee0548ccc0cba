"""Guesses what was hidden from what was made of it: digests, sizes, numbers of rows, and gaps in what is counted."""

import base64
import binascii
import hashlib
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from uuid import NAMESPACE_DNS, NAMESPACE_OID, NAMESPACE_URL, NAMESPACE_X500, UUID, uuid3, uuid5

from .answers import Object, Surface
from .knowledge import Knowledge
from .planting import Planted

_HEX = re.compile(r"(?<![0-9a-fA-F])[0-9a-fA-F]{16,128}(?![0-9a-fA-F])")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BASE64 = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{22,88}={0,2}(?![\w+/=-])")
_WHOLE = re.compile(r"(?<![\w.,-])\d{6,10}(?![\w.,])")


def _digest(name: str, data: bytes) -> str:
    return hashlib.new(name, data).hexdigest()


_HASHES: tuple[Callable[[bytes], str], ...] = tuple(
    partial(_digest, name) for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b")
)
#: Members of what is said of an import that are not about its rows.
_NO_COUNT = frozenset(("publication", "sign", "version", "sequence", "position"))


def digests(surfaces: Sequence[Surface], planted: Planted) -> Iterator[str]:
    """A text or number that a file with one of the rows that may be hidden gives, and another row does not."""
    texts, numbers = _digest_like(surfaces)
    starts = {text[:16] for text in texts}
    uuids = {text for text in texts if len(text) == 32}
    for file in planted.files.values():
        for row, whole in file.guesses():
            for what, data in (("file", whole), ("row", row), ("row", row.strip())):
                for value in (crc(data) for crc in (zlib.crc32, zlib.adler32)):
                    if value in numbers:
                        yield f"{numbers[value]}: a checksum of the {what} {file.name} tells {row!r}"
                for digest in (make(data) for make in _HASHES):
                    if digest[:16] in starts:
                        yield from (
                            f"{where}: a digest of the {what} {file.name} tells {row!r}"
                            for text, where in texts.items()
                            if digest.startswith(text)
                        )
                if uuids and what == "row":
                    yield from (
                        f"{texts[name.hex]}: an id made of the row of {file.name} tells {row!r}"
                        for name in _names(data)
                        if name.hex in uuids
                    )


def counts_of_rows(surfaces: Sequence[Surface], planted: Planted, knowledge: Knowledge) -> Iterator[str]:
    """A number said of an import from which follows that it has rows that are not shown."""
    shown: dict[str, set[object]] = defaultdict(set)
    for line in knowledge.known_lines:
        if line.imported:
            shown[line.imported].add(line.spot)
    read = [surface for surface in surfaces if not surface.describes]
    known = {str(one["load"]) for surface in read for one in surface.objects if isinstance(one.get("load"), str)}
    for surface in read:
        for import_, what, value in _said_of(surface, known):
            if value > 0 and value != len(shown[import_]):
                yield f"{surface.name}: import {import_} has {what} {value}, {len(shown[import_])} are shown"
        for import_, file in planted.files.items():
            if import_ in surface.text and str(file.size) in surface.numbers:
                yield f"{surface.name}: tells the size of {file.name}, {file.size}"


def gaps(surfaces: Sequence[Surface], knowledge: Knowledge) -> Iterator[str]:
    """A place in an order that nothing public stands at."""
    orders: dict[str, set[int]] = defaultdict(set)
    if knowledge.known_lines:
        orders["publications"] = {line.publication for line in knowledge.known_lines} | {knowledge.newest}
    for line in knowledge.known_lines:
        if line.imported:
            if line.number is not None:
                orders[f"lines of import {line.imported}"].add(line.number)
            if (entry := line.id.rpartition(".")[2]).isdecimal():
                orders[f"entries of import {line.imported}"].add(int(entry))
    for surface in surfaces:
        for one in () if surface.describes else surface.objects:
            sequence = one.get("sequence")
            if isinstance(sequence, str) and sequence.isdecimal() and "specversion" in one:
                orders[f"events of {one.get('source')}"].add(int(sequence))
        for import_, number in re.findall(r"inlezing ([\w-]+), regel (\d+)", surface.text):
            orders[f"lines of import {import_}"].add(int(number))
    for what, places in orders.items():
        missing = sorted(set(range(1, max(places) + 1)) - places)
        # A file begins below its heading.
        if missing and missing != [1]:
            yield f"{what}: nothing stands at {missing[:5]}"


def _digest_like(surfaces: Sequence[Surface]) -> tuple[dict[str, str], dict[int, str]]:
    """What may be digests, as hex, and checksums, each with where it stands."""
    texts: dict[str, str] = {}
    numbers: dict[int, str] = {}
    for surface in surfaces:
        for found in _UUID.findall(surface.text):
            texts.setdefault(found.replace("-", ""), surface.name)
        for found in _HEX.findall(surface.text):
            texts.setdefault(found.lower(), surface.name)
        for found in _BASE64.findall(surface.text):
            if (text := _unpacked(found)) is not None:
                texts.setdefault(text, surface.name)
        for found in _WHOLE.findall(surface.text):
            numbers.setdefault(int(found), surface.name)
        for found in re.findall(r"(?<![0-9a-fA-F])[0-9a-fA-F]{8}(?![0-9a-fA-F-])", surface.text):
            numbers.setdefault(int(found, 16), surface.name)
    return texts, numbers


def _unpacked(text: str) -> str | None:
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        found = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error:
        return None
    return found.hex() if len(found) in (16, 20, 28, 32, 48, 64) else None


def _names(data: bytes) -> Iterator[UUID]:
    text = data.decode()
    for space in (NAMESPACE_DNS, NAMESPACE_OID, NAMESPACE_URL, NAMESPACE_X500):
        yield uuid3(space, text)
        yield uuid5(space, text)


def _said_of(surface: Surface, imports: set[str]) -> Iterator[tuple[str, str, int]]:
    """Whole numbers that are said of an import: beside its id, in a sentence about it, or in its row of a table."""
    for one in surface.objects:
        import_ = _import_of(one, imports)
        if import_ is None:
            continue
        for name, value in one.items():
            if isinstance(value, int) and not isinstance(value, bool) and name not in _NO_COUNT:
                yield import_, name, value
            if name in ("explanation", "statement", "text") and isinstance(value, str):
                yield from ((import_, name, int(found)) for found in re.findall(r"(?<![\w-])\d{1,7}(?![\w-])", value))
    page = surface.page
    for row in page.rows if page else ():
        words = [text for text, _ in row]
        for import_ in imports.intersection(words):
            yield from ((import_, "in its row", int(text)) for text in words if text.isdecimal())


def _import_of(one: Object, imports: set[str]) -> str | None:
    """The import that an object is about; not of a line that only came from it."""
    if "sums" in one:
        return None
    for name in ("load", "finding", "id"):
        for import_ in imports:
            if isinstance(value := one.get(name), str) and value.startswith(import_):
                return import_
    return None
