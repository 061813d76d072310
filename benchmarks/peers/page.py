"""The tables of ``docs/benchmark.md`` and ``README.md``, written between their markers from what a run has measured."""

from __future__ import annotations

import re
from typing import Any

from .cells import BASE, CANDIDATES, CELLS
from .report import markdown, median, ratio
from .running import Samples, Skipped

__all__ = ["AIMS", "updated"]

YIELDS = 500  # what `basic` is quoted at
DEPTH = 900  # and `recurse`
WEIGHED = "weigh 30000"

# column -> cell, quantity
COLUMNS = {
    "quick": (f"basic quick {YIELDS}", "ns"),
    "medium": (f"basic medium {YIELDS}", "ns"),
    "slow": (f"basic slow {YIELDS}", "ns"),
    "recurse, medium": (f"recurse medium {DEPTH}", "ns"),
    "four in a row": ("row 5000", "ns"),
    "tail call": ("tail 1000000", "ns"),
    "bytes": (WEIGHED, "bytes"),
}
# column -> the ratio to asyncio that is aimed at, for the pure runtime and for the compiled one
AIMS = {
    "quick": (0.85, 0.65),
    "medium": (0.20, 0.07),
    "slow": (0.15, 0.08),
    "recurse, medium": (0.10, 0.05),
    "four in a row": (2.0, 1.0),
    "bytes": (0.75, 0.70),
}
_OURS = ("binds_pure", "binds_compiled")
# of the short table
_LEFT_OUT = ("binds_by_hand", "twisted_deferreds", "trampoline", "greenlets", "callbacks", "loop")
_SHORT = ("quick", "medium", "slow", "recurse, medium", "bytes")


def updated(page: str, results: dict[str, Any]) -> str:
    """The page with its tables made anew."""
    samples = results["samples"]
    parts = {
        "run": lambda: _run(results),
        "short": lambda: _short(samples),
        "aims": lambda: _aims(samples),
        "summary": lambda: _summary(samples),
        "depth": lambda: _depth(samples, results["skipped"]),
        "threads": lambda: _threads(samples),
        "input": lambda: _input(samples),
        "echo": lambda: _echo(samples),
    }
    return _MEASURED.sub(lambda found: found[1] + parts[found[2]]() + found[3], page)


_MEASURED = re.compile(
    r"(<!-- measured: (\w+)[^\n]* -->\n).*?(<!-- end -->)", re.DOTALL
)  # what a table shows, the table, and where it ends


def _run(results: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in results["versions"].items())
    rounds = f"{results['rounds']} round{'s' * (results['rounds'] > 1)}"
    left_out = [name for name in CANDIDATES if name not in results["samples"]]
    text = f"{results['implementation']} {results['python']} on {results['platform']}, {rounds}; {versions}."
    if left_out:
        text += f" Not there for this run: {', '.join(CANDIDATES[name] for name in left_out)}."
    return text + "\n"


def _short(samples: Samples) -> str:
    """Ratios to asyncio, of those whom people choose from."""
    rows = []
    for name in samples:
        found = [ratio(samples, name, *COLUMNS[column]) for column in _SHORT]
        if any(found) and name not in _LEFT_OUT:
            rows.append([CANDIDATES[name], *(f"{each[0]:.2f}" if each else "–" for each in found)])
    return markdown(["", *_SHORT], rows)


def _aims(samples: Samples) -> str:
    """Ours against asyncio, with the quartiles."""
    rows = []
    for column, aims in AIMS.items():
        row = [column]
        for candidate, aim in zip(_OURS, aims, strict=True):
            found = ratio(samples, candidate, *COLUMNS[column])
            row += [
                f"{aim:.2f}",
                f"{found[0]:.2f} ({found[1]:.2f}–{found[2]:.2f})" if found else "",
            ]
        rows.append(row)
    return markdown(["ratio to asyncio", "aim, pure", "pure", "aim, compiled", "compiled"], rows)


def _summary(samples: Samples) -> str:
    rows = [
        [CANDIDATES[name], *(_with_ratio(samples, name, *place) for place in COLUMNS.values())]
        for name in samples
    ]
    return markdown(["", *COLUMNS], rows)


def _with_ratio(samples: Samples, candidate: str, key: str, quantity: str) -> str:
    middle = median(samples, candidate, key, quantity)
    if middle is None:
        return "–"
    found = ratio(samples, candidate, key, quantity)
    shown = f"{middle:,.0f}"
    return shown if found is None or candidate == BASE else f"{shown} ({found[0]:.2f})"


def _depth(samples: Samples, skipped: Skipped) -> str:
    """Time for a level of `recurse` with medium waits, and how it grows."""
    cells = [cell for cell in CELLS if (cell.program, cell.kind) == ("recurse", "medium")]
    rows = []
    for name in samples:
        times = [median(samples, name, cell.key, "ns") for cell in cells]
        if any(times):
            reasons = [skipped.get(name, {}).get(cell.key, "") for cell in cells]
            growth = _growth(samples, name)
            rows.append(
                [
                    CANDIDATES[name],
                    *("–" if each is None else f"{each:,.0f}" for each in times),
                    growth,
                    next(filter(None, reasons), "goes on"),
                ]
            )
    return markdown(["", *(f"{cell.size:,}" for cell in cells), "900 to 50", "beyond"], rows)


def _growth(samples: Samples, name: str) -> str:
    deep, shallow = (
        median(samples, name, f"recurse medium {depth}", "ns") for depth in (DEPTH, 50)
    )
    return f"{deep / shallow:.2f}" if deep and shallow else ""


def _threads(samples: Samples) -> str:
    sizes = [cell for cell in CELLS if cell.program == "park"]
    rows = []
    for name in samples:
        shown = [
            _with_ratio(samples, name, cell.key, quantity)
            for cell in sizes
            for quantity in ("ns", "wake", "resident")
        ]
        if any(each != "–" for each in shown):
            rows.append([CANDIDATES[name], *shown, _with_ratio(samples, name, WEIGHED, "bytes")])
    head = [
        f"{cell.size:,}: {what}" for cell in sizes for what in ("start, ns", "wake, ns", "growth")
    ]
    return markdown(["", *head, "bytes"], rows)


def _input(samples: Samples) -> str:
    rows = []
    for name in samples:
        row = []
        for kind in ("medium", "slow"):
            key = f"polled {kind} 10000"
            row.append(_with_ratio(samples, name, f"watched {kind} 10000", "ns"))
            row.append(_with_ratio(samples, name, key, "ns"))
            row += [_microseconds(median(samples, name, key, each)) for each in ("delay", "gap")]
        if any(each != "–" for each in row):
            rows.append([CANDIDATES[name], *row])
    quantities = ("silent, ns", "ns", "delay", "gap")
    head = [f"{kind}: {what}" for kind in ("medium", "slow") for what in quantities]
    return markdown(["", *head], rows)


def _microseconds(ns: float | None) -> str:
    return "–" if ns is None else f"{ns / 1000:,.0f} µs"


def _echo(samples: Samples) -> str:
    """Messages for a second of the server's CPU time: the higher, the better."""
    (cell,) = [cell for cell in CELLS if cell.program == "echo"]
    rows = []
    for name in samples:
        middle = median(samples, name, cell.key, "ns")
        found = ratio(samples, BASE, cell.key, "ns", base=name)
        if middle is not None:
            rows.append(
                [CANDIDATES[name], f"{1e9 / middle:,.0f}", f"{found[0]:.2f}" if found else ""]
            )
    return markdown(["", "messages a second", "ratio"], rows)
