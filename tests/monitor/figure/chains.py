"""Areas that lie in the same areas in every year."""

from collections.abc import Iterator, Mapping

from services.monitor.figure.cells import AreaChain


class Always(Mapping[tuple[str, int], AreaChain]):
    """What areas lie in, whatever the year."""

    def __init__(self, chains: Mapping[str, AreaChain]) -> None:
        self._chains = chains

    def __getitem__(self, place: tuple[str, int]) -> AreaChain:
        return self._chains[place[0]]

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return ((area, 2019) for area in self._chains)

    def __len__(self) -> int:
        return len(self._chains)
