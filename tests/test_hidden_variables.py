"""Variables that a comprehension hides from the functions of an output."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from lwtsyntax import runtime as Lwt
from lwtsyntax.pipeline import transform

# The comprehension's `c` is kept by a closure, and the thread function's is read beside it, behind a wait.
PROGRAM = """
from lwtsyntax import lwt
from lwtsyntax import runtime as Lwt

@lwt
def main():
    c = 3
    return [c for _ in [lwt(Lwt.return_(0)), [f() for f in [lambda: c for c in (7, 1)]]]]
"""


@pytest.mark.xfail(
    sys.version_info >= (3, 12),
    reason="CPython inlines the comprehension, and takes the variable around it for its own",
    strict=True,
)
def test_a_closure_keeps_what_a_comprehension_hides() -> None:
    text = transform(PROGRAM).text
    assert text is not None
    names: dict[str, Any] = {}
    exec(text, names)  # noqa: S102  (the program under test)
    assert Lwt.run(names["main"]()) == [3, 3]
