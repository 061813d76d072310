"""What two texts have in common at their ends."""

from __future__ import annotations

__all__ = ["common_ends"]


def common_ends(old: str, new: str) -> tuple[int, int]:
    """How many characters are the same at the beginning, and how many of the rest at the end."""
    before = _common_start(old, new)
    return before, _common_end(old, new, min(len(old), len(new)) - before)


# By halves: comparing slices is much quicker than comparing characters one by one.


def _common_start(old: str, new: str) -> int:
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_end(old: str, new: str, most: int) -> int:
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if old[len(old) - middle : len(old) - low] == new[len(new) - middle : len(new) - low]:
            low = middle
        else:
            high = middle - 1
    return low
