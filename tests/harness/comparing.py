"""Whether a program does the same in every way, and what kind of difference there is if not."""

from __future__ import annotations

import re
from dataclasses import dataclass

from harness.goldens import difference
from harness.oracle import FIBER, SEEDS, Outcome, Refused, observe
from harness.programs import INTERLEAVES

__all__ = ["Finding", "compare", "rotated"]


@dataclass(frozen=True)
class Finding:
    """How a program differs: the first way that does, a kind to tell bugs apart by, and the details."""

    way: str
    kind: str
    details: str

    def like(self, other: Finding | None) -> bool:
        return other is not None and self.kind == other.kind


def rotated(seed: int) -> list[str]:
    """The ways in which the program of *seed* runs, beside identity.

    All, but that lowering once more is dear: every fourth program is also lowered without the optimiser, another
    fourth to native coroutines, every other one runs on fibers too, and every fiftieth is laid out by black,
    which changes nothing but layout.
    """
    layout = "" if seed % 50 == 0 else " unformatted"
    modes = ("resolved", "pending", *(f"mixed {number}" for number in SEEDS))
    ways = ["asyncio", *(mode + layout for mode in modes)]
    if seed % 4 == 2:
        ways.append("async")
    if seed % 4 == 0:
        ways += ["pending unoptimised unformatted", "resolved unoptimised unformatted"]
    if seed % 2:
        ways += ["fiber resolved", "fiber pending", f"fiber mixed {SEEDS[seed % len(SEEDS)]}"]
    return ways


def compare(source: str, ways: list[str]) -> Finding | None:
    """The first of *ways* in which *source* differs from ``lwt`` as identity, and how.

    Threads side by side do not run under asyncio, where a coroutine starts when it is waited for.
    """
    expected = _settled(source, observe(source, "identity"))
    if INTERLEAVES in source:
        ways = [way for way in ways if way not in ("asyncio", "async")]
    for way in ways:
        try:
            found = _settled(source, observe(source, way))
        except Exception as error:  # noqa: BLE001  (a refusal or a crash is a finding)
            return Finding(way, f"{_family(way)} {_failure(error)}", f"{way}: {error!r}\n{error}")
        if found != expected:
            kind = f"{_family(way)} {_name(expected)} -> {_name(found)}"
            return Finding(way, kind, difference("identity", expected, way, found))
    return None


def _settled(source: str, outcome: Outcome) -> Outcome:
    """*outcome* without what may differ: the order of the events of threads that run side by side."""
    if INTERLEAVES in source:
        return Outcome(tuple(sorted(outcome.events)), outcome.result)
    return outcome


def _family(way: str) -> str:
    if way in FIBER:
        return "fiber"
    return way if way in ("asyncio", "async") else "transformed"


def _failure(error: Exception) -> str:
    text = re.sub(r"[\d']+|line \d+", "", str(error).partition("\n")[0])
    if isinstance(error, Refused):
        return " ".join(re.sub(r"^\S*\s*", "", text).split()[:14])
    return f"{type(error).__name__} {' '.join(text.split()[:6])}"


def _name(outcome: Outcome) -> str:
    """``main gives``, or what it raises."""
    return outcome.result.partition("(")[0].strip() if "raises" in outcome.result else "main gives"
