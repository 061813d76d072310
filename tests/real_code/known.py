"""The tests that a lowered module may fail, each with its reason.

They look at what a rewrite must change: frames, the text or the signature of functions, the recursion
limit.  A failure without an entry fails the run, and so does an entry whose test passes.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KNOWN", "Known"]

ALL = ("resolved", "pending", "mixed")


@dataclass(frozen=True)
class Known:
    suite: str
    test: str
    reason: str
    variants: tuple[str, ...] = ALL
    versions: tuple[str, ...] = ("3.11", "3.12", "3.13")


KNOWN = (
    Known(
        "json",
        "test.test_json.test_recursion.TestPyRecursion.test_highly_nested_objects_decoding",
        "wants a RecursionError; threads recurse as deep as memory goes",
        variants=("pending",),
    ),
)
