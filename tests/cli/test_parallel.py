"""Running a function over many items: a worker's death costs the item it worked on, no other."""

from __future__ import annotations

import os
import signal

import pytest
from lwtsyntax_cli.parallel import run_all


def square(number: int) -> int:
    """The work; fatal items end the process as a segmentation fault would."""
    if number < 0:
        os.kill(os.getpid(), signal.SIGSEGV)
    return number * number


def died(number: int) -> int:
    """What stands for an item whose process died."""
    return 1000 + number


@pytest.mark.parametrize("workers", [1, 2])
def test_every_item_is_answered_by_its_index(workers: int) -> None:
    items = list(range(12))
    answers = dict(run_all(square, items, workers, died))
    assert answers == {index: item * item for index, item in enumerate(items)}


def test_a_crash_costs_one_item_only() -> None:
    items = [1, 2, -3, 4, 5, -6, 7, 8, 9]
    answers = dict(run_all(square, items, 2, died))
    assert answers == {i: item * item if item > 0 else 1000 + item for i, item in enumerate(items)}


def test_no_items_are_no_work() -> None:
    assert list(run_all(square, [], 4, died)) == []
