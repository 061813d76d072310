"""Medians, their ratios to asyncio with the spread of the rounds, as tables and as JSON."""

from __future__ import annotations

import platform
import statistics
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from .cells import BASE, CANDIDATES, CELLS
from .running import Samples, Skipped

__all__ = ["as_json", "ratio", "tables"]

_PACKAGES = ("uvloop", "trio", "gevent", "greenlet", "twisted", "lwtsyntax")
_QUANTITIES = {
    "ns": "CPU ns",
    "wake": "CPU ns to wake",
    "resident": "bytes the process grows by",
    "bytes": "bytes",
}


def ratio(ours: list[float], theirs: list[float]) -> tuple[float, float, float]:
    """The median of the ratios of the rounds, and the quartiles."""
    ratios = sorted(a / b for a, b in zip(ours, theirs, strict=True))
    if len(ratios) < 2:
        return ratios[0], ratios[0], ratios[0]
    low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive")
    return middle, low, high


def as_json(samples: Samples, skipped: Skipped, rounds: int) -> dict[str, Any]:
    versions = {}
    for name in _PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "python": sys.version.split()[0],
        "implementation": platform.python_implementation(),
        "machine": platform.machine(),
        "rounds": rounds,
        "versions": versions,
        "samples": samples,
        "skipped": skipped,
    }


def tables(samples: Samples) -> str:
    """One table for each program: CPU nanoseconds a unit, and in brackets the ratio to asyncio."""
    parts = []
    for program in dict.fromkeys(cell.program for cell in CELLS):
        cells = [cell for cell in CELLS if cell.program == program]
        for quantity in _QUANTITIES:
            columns = [
                cell.key
                for cell in cells
                if any(quantity in found.get(cell.key, {}) for found in samples.values())
            ]
            if columns:
                parts.append(_table(samples, columns, quantity))
    return "\n".join(parts)


def _table(samples: Samples, columns: list[str], quantity: str) -> str:
    lines = [["", *columns], ["---", *["---:"] * len(columns)]]
    for candidate in samples:
        cells = [_cell(samples, candidate, key, quantity) for key in columns]
        if any(cells):
            lines.append([CANDIDATES[candidate], *cells])
    rows = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return f"{_QUANTITIES[quantity]}, with the ratio to {CANDIDATES[BASE]} (and its quartiles)\n\n{rows}"


def _cell(samples: Samples, candidate: str, key: str, quantity: str) -> str:
    ours = samples[candidate].get(key, {}).get(quantity)
    if not ours:
        return ""
    text = f"{statistics.median(ours):,.0f}"
    theirs = samples.get(BASE, {}).get(key, {}).get(quantity)
    if theirs and candidate != BASE:
        middle, low, high = ratio(ours, theirs)
        text += f" ({middle:.2f}; {low:.2f}–{high:.2f})"
    return text
