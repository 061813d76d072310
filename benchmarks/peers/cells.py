"""What is measured: programs, kinds of waits and sizes, and how often a worker repeats each."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CANDIDATES", "CELLS", "KINDS", "Cell"]

# module -> name in tables and graphs; the first is what ratios are to
CANDIDATES = {
    "asyncio_loop": "asyncio",
    "binds": "lwtsyntax, bind chains",
    "binds_by_hand": "lwtsyntax, by hand",
    "fibers": "lwtsyntax, fibers",
    "uvloop_loop": "asyncio with uvloop",
    "trio_tasks": "trio",
    "gevent_greenlets": "gevent",
    "twisted_deferreds": "Twisted, callbacks",
    "twisted_inline": "Twisted, inlineCallbacks",
    "trampoline": "generators, trampoline",
    "greenlets": "bare greenlets",
    "callbacks": "callbacks by hand",
    "ocaml": "OCaml's Lwt, native",
    "loop": "a plain loop",
}
KINDS = ("quick", "medium", "slow")


@dataclass(frozen=True, slots=True)
class Cell:
    """One program at one size; `units` is what its time is divided by."""

    program: str
    kind: str
    size: int
    units: int

    @property
    def key(self) -> str:
        return f"{self.program} {self.kind} {self.size}".replace("  ", " ")


# In `basic`, the size is the number of yields, and the number of waits is always about the same.
_WAITS = {"quick": 100_000, "medium": 10_000, "slow": 5_000}
_SIZES = (50, 200, 500, 1000)
# In `recurse`, the size is the depth: Python's own limit stops those who recurse on its stack.
_DEPTHS = (50, 200, 500, 900)

CELLS = (
    *(Cell("basic", kind, size, _WAITS[kind]) for kind in KINDS for size in _SIZES),
    *(Cell("recurse", kind, depth, depth) for kind in KINDS for depth in _DEPTHS),
    Cell("row", "", 5_000, 5_000),
    Cell("tail", "", 1_000_000, 1_000_000),
    *(Cell("park", "", count, count) for count in (30_000, 300_000)),
)
