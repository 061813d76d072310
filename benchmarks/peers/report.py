"""Medians, their ratios to asyncio with the spread of the rounds, as tables and as JSON."""

from __future__ import annotations

import platform
import statistics
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from .cells import BASE, CANDIDATES, CELLS
from .running import Samples, Skipped

__all__ = ["as_json", "markdown", "median", "ratio", "tables"]

_PACKAGES = ("uvloop", "trio", "gevent", "greenlet", "twisted")
_QUANTITIES = {
    "ns": "CPU ns",
    "wake": "CPU ns to wake",
    "resident": "bytes the process grows by",
    "bytes": "bytes",
    "delay": "the longest that input waited, CPU ns",
    "gap": "the longest between two looks at input, CPU ns",
}


def median(samples: Samples, candidate: str, key: str, quantity: str) -> float | None:
    found = samples.get(candidate, {}).get(key, {}).get(quantity)
    return statistics.median(found) if found else None


def ratio(
    samples: Samples, candidate: str, key: str, quantity: str, base: str = BASE
) -> tuple[float, float, float] | None:
    """The median of the ratios of the rounds, and their quartiles; None without both sides."""
    ours = samples.get(candidate, {}).get(key, {}).get(quantity)
    theirs = samples.get(base, {}).get(key, {}).get(quantity)
    if not ours or not theirs or 0 in theirs:
        return None
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    if len(ratios) < 2:
        return ratios[0], ratios[0], ratios[0]
    low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive")
    return middle, low, high


def markdown(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(
        f"|{'|'.join(f' {cell} ' if cell else ' ' for cell in line)}|\n" for line in lines
    )


def as_json(samples: Samples, skipped: Skipped, rounds: int) -> dict[str, Any]:
    versions = {}
    for name in _PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "platform": f"{sys.platform} {platform.machine()}",
        "rounds": rounds,
        "versions": versions,
        "samples": {
            candidate: {
                key: {
                    name: [float(f"{each:.4g}") for each in values] for name, values in of.items()
                }
                for key, of in found.items()
            }
            for candidate, found in samples.items()
        },
        "skipped": skipped,
    }


def tables(samples: Samples) -> str:
    """A table for each program and kind of wait: medians, and in brackets the ratio to asyncio with its quartiles."""
    parts = []
    for program, kind in dict.fromkeys((cell.program, cell.kind) for cell in CELLS):
        keys = [cell.key for cell in CELLS if (cell.program, cell.kind) == (program, kind)]
        for quantity, title in _QUANTITIES.items():
            rows = [
                [CANDIDATES[candidate], *(_cell(samples, candidate, key, quantity) for key in keys)]
                for candidate, found in samples.items()
                if any(quantity in found.get(key, {}) for key in keys)
            ]
            if rows:
                parts.append(f"{title} (ratio to {CANDIDATES[BASE]}; quartiles)\n\n")
                parts.append(markdown(["", *keys], rows) + "\n")
    return "".join(parts)


def _cell(samples: Samples, candidate: str, key: str, quantity: str) -> str:
    middle = median(samples, candidate, key, quantity)
    if middle is None:
        return ""
    found = ratio(samples, candidate, key, quantity)
    if found is None or candidate == BASE:
        return f"{middle:,.0f}"
    return f"{middle:,.0f} ({found[0]:.2f}; {found[1]:.2f}–{found[2]:.2f})"
