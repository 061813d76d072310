"""What is measured: candidates, programs, kinds of waits and sizes, and how much a worker does of each."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BASE", "CANDIDATES", "CELLS", "ENVIRONMENT", "KINDS", "Cell"]

# module -> name in tables and graphs
CANDIDATES = {
    "asyncio_loop": "asyncio",
    "binds_pure": "lwtsyntax, pure Python",
    "binds_compiled": "lwtsyntax, compiled",
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
BASE = "asyncio_loop"  # what ratios are to

_PURE = {"LWTSYNTAX_PURE_PYTHON": "1"}
ENVIRONMENT = {"binds_pure": _PURE, "binds_by_hand": _PURE}

KINDS = ("quick", "medium", "slow")


@dataclass(frozen=True, slots=True)
class Cell:
    """One program at one size; ``units`` is about how many waits (or threads) one run of it has."""

    program: str
    kind: str
    size: int
    units: int
    fresh: bool = False  # each sample in a process of its own
    rounds: int = 1000  # more make no difference to this one

    @property
    def key(self) -> str:
        return f"{self.program} {self.kind} {self.size}".replace("  ", " ")


# In `basic`, the size is the number of yields of an iteration, in `recurse` the depth of a recursion; there are as
# many iterations and recursions in one run of the main loop as make so many waits.
_WAITS = {"quick": 200_000, "medium": 10_000, "slow": 5_000}
_YIELDS = (50, 200, 500, 1000)
_DEPTHS = (50, 200, 500, 900, 1000, 10_000, 100_000)  # Python's own limit lies a bit under 1000
_LEVELS = 10_000

CELLS = (
    *(Cell("basic", kind, size, _WAITS[kind]) for kind in KINDS for size in _YIELDS),
    *(Cell("recurse", kind, depth, _LEVELS) for kind in KINDS for depth in _DEPTHS),
    Cell("row", "", 5_000, 5_000),
    Cell("tail", "", 1_000_000, 1_000_000, rounds=7),
    Cell("park", "", 30_000, 30_000, fresh=True),
    Cell("park", "", 300_000, 300_000, fresh=True, rounds=3),
    Cell("weigh", "", 30_000, 30_000, rounds=3),
    *(Cell("watched", kind, 10_000, 10_000) for kind in ("medium", "slow")),
    *(Cell("polled", kind, 10_000, 10_000) for kind in ("medium", "slow")),
    Cell("echo", "", 100, 100),  # connections, and the messages on each
)
