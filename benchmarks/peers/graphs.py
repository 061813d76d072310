"""The two graphs of the original comparison, as SVG: time against yields, and time against depth."""

from __future__ import annotations

import statistics
from pathlib import Path

from .cells import CANDIDATES, CELLS, KINDS
from .running import Samples

__all__ = ["draw"]


def draw(samples: Samples, folder: Path) -> list[Path]:
    """One file for each program and kind of wait; the files that were written."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "lwtsyntax"  # the same file for the same numbers
    from matplotlib import pyplot as plt

    written = []
    folder.mkdir(parents=True, exist_ok=True)
    for program, label in (("basic", "yields"), ("recurse", "depth")):
        for kind in KINDS:
            cells = [each for each in CELLS if (each.program, each.kind) == (program, kind)]
            figure, axes = plt.subplots(figsize=(8, 5))
            for candidate, found in samples.items():
                points = [
                    (cell.size, statistics.median(found[cell.key]["ns"]))
                    for cell in cells
                    if cell.key in found
                ]
                if points:
                    axes.plot(*zip(*points, strict=True), marker="o", label=CANDIDATES[candidate])
            axes.set(xlabel=label, ylabel="CPU ns a wait", title=f"{program}, {kind}", yscale="log")
            axes.legend(fontsize="small", loc="center left", bbox_to_anchor=(1, 0.5))
            path = folder / f"{program}-{kind}.svg"
            figure.savefig(path, bbox_inches="tight", metadata={"Date": None})
            plt.close(figure)
            written.append(path)
    return written
