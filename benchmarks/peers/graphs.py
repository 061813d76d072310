"""The two graphs of the original comparison, as SVG: time against yields, and time against depth."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

from .cells import CANDIDATES, CELLS, KINDS
from .running import Samples

__all__ = ["draw"]

DEEPEST = 1000  # beyond, there are few left
_COLOURS = (
    "#1f77b4", "#d62728", "#7f0000", "#ff7f7f", "#e377c2", "#17becf", "#2ca02c", "#8c564b",
    "#ff7f0e", "#bcbd22", "#9467bd", "#98df8a", "#c7a252", "#555555", "#b0b0b0",
)  # fmt: skip
_STYLES = dict(zip(CANDIDATES, _COLOURS, strict=True))


def draw(samples: Samples, folder: Path) -> list[Path]:
    """One file for each program and kind of wait that was measured; those that were written.

    The same numbers give the same files.
    """
    import matplotlib as mpl

    mpl.use("svg")
    settings = {"svg.hashsalt": "lwtsyntax", "svg.fonttype": "none", "font.size": 9}
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with mpl.rc_context(settings):
        for program, label in (("basic", "yields of an iteration"), ("recurse", "depth")):
            for kind in KINDS:
                lines = _lines(samples, program, kind)
                if lines:
                    path = folder / f"{program}-{kind}.svg"
                    _draw(lines, f"{program}, {kind} waits", label, path)
                    written.append(path)
    return written


def _lines(samples: Samples, program: str, kind: str) -> dict[str, list[tuple[int, float]]]:
    """The points of each candidate, from the slowest to the fastest."""
    cells = [
        cell for cell in CELLS if (cell.program, cell.kind) == (program, kind)
        and (program != "recurse" or cell.size <= DEEPEST)
    ]  # fmt: skip
    lines = {}
    for candidate, found in samples.items():
        points = [
            (cell.size, statistics.median(found[cell.key]["ns"]))
            for cell in cells
            if cell.key in found
        ]
        if points:
            lines[candidate] = points
    return dict(sorted(lines.items(), key=lambda item: -item[1][-1][1]))


def _draw(lines: dict[str, list[tuple[int, float]]], title: str, label: str, path: Path) -> None:
    from matplotlib import pyplot as plt
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    figure, axes = plt.subplots(figsize=(7.5, 4.5))
    for candidate, points in lines.items():
        ours = CANDIDATES[candidate].startswith("lwtsyntax")
        style: dict[str, Any] = {"linewidth": 2.5 if ours else 1.2, "color": _STYLES[candidate]}
        axes.plot(*zip(*points, strict=True), ".-", label=CANDIDATES[candidate], **style)
    axes.set(xlabel=label, ylabel="CPU ns a wait", title=title, yscale="log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.grid(visible=True, which="major", linewidth=0.4)
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    figure.savefig(
        path, format="svg", bbox_inches="tight", metadata={"Creator": None, "Date": None}
    )
    plt.close(figure)
    # Lines without trailing blanks, which matplotlib leaves.
    lines_of_it = path.read_text(encoding="utf-8").splitlines()
    path.write_text("".join(f"{line.rstrip()}\n" for line in lines_of_it), encoding="utf-8")
