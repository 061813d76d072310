"""What generated programs are drawn from: seeded choices with weights, names, and what may stand where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from random import Random
from typing import Any, TypeVar

__all__ = ["Choices", "Place"]

T = TypeVar("T")

_TASTES = (0.1, 1, 1, 4)
_ROUNDS = 40  # how often a statement may run, by estimate


@dataclass(frozen=True)
class Place:
    """What may stand at one place of a program."""

    waits: bool = True
    collects: bool = (
        True  # a comprehension may wait: not in a lambda, where the oracle cannot say it
    )
    walrus: bool = True
    yields: bool = (
        False  # not while an exception is handled, which the reader would see: a known limit
    )
    strings: bool = True  # an f-string may stand: not inside another, before Python 3.12
    jumps: tuple[str, ...] = ()  # "break" and "continue" in a loop
    returns: str | None = "value"  # or "bare" in a stream, None in except*
    cleans: bool = True  # something may run on the way out: not in a stream that nobody closes
    rounds: int = 1  # how often the code here runs, by estimate
    depth: int = 0
    variables: tuple[str, ...] = ("a", "b", "c", "d")  # bound for sure, and assigned


class Choices:
    """Draws from a seed.

    Each program likes some alternatives and shuns others ("swarm testing"): programs differ more than
    they would under fixed weights, and rare constructs meet each other.
    """

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.place = Place()
        self.count = 0
        self._tastes: dict[str, float] = {}

    def choice(self, options: Sequence[T]) -> T:
        return self.random.choice(options)

    def number(self, least: int, most: int) -> int:
        return self.random.randint(least, most)

    def chance(self, probability: float = 0.5) -> bool:
        return self.random.random() < probability

    def liked(self, options: Mapping[str, float]) -> str:
        """One of *options*, by their weights and this program's taste."""
        weights = [weight * self._taste(option) for option, weight in options.items()]
        return self.random.choices([*options], weights)[0]

    def _taste(self, option: str) -> float:
        if option not in self._tastes:
            self._tastes[option] = self.random.choice(_TASTES)
        return self._tastes[option]

    def fresh(self, stem: str) -> str:
        self.count += 1
        return f"{stem}_{self.count}"

    def variable(self) -> str:
        """A variable that is surely bound, and may be assigned."""
        return self.choice(self.place.variables)

    @contextmanager
    def at(self, **changes: Any) -> Iterator[None]:
        """What may stand inside differs from what may stand around it."""
        outer, self.place = self.place, replace(self.place, **changes)
        try:
            yield
        finally:
            self.place = outer

    def affords(self, times: int) -> bool:
        """Whether something may run *times* as often as the code here."""
        return self.place.rounds * times <= _ROUNDS
