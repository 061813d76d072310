"""docs/real_code.md: one table for each version of Python, and the exceptions."""

from __future__ import annotations

import re

from .known import ALL, KNOWN
from .running import LOWERED, ROOT, VERSION, Row

__all__ = ["exceptions", "update_page"]

PAGE = ROOT / "docs" / "real_code.md"


def update_page(rows: list[Row]) -> None:
    """Write the table of the running version, and the exceptions."""
    text = _replaced(PAGE.read_text(), f"table {VERSION}", _table(rows))
    PAGE.write_text(_replaced(text, "exceptions", exceptions()))


def _replaced(text: str, mark: str, new: str) -> str:
    pattern = rf"(<!-- {re.escape(mark)} -->\n).*?(<!-- end -->\n)"
    text, count = re.subn(pattern, lambda found: found[1] + new + found[2], text, flags=re.DOTALL)
    assert count == 1, mark
    return text


def _table(rows: list[Row]) -> str:
    head = ["modules", "lines", "waits", "tests", *LOWERED]
    lines = [head, ["---"] + ["---:"] * (len(head) - 1)]
    for row in rows:
        numbers = [row.lines, row.waits, row.tests, *(row.passed[name] for name in LOWERED)]
        lines.append([row.suite, *(f"{number:,}" for number in numbers)])
    sums = [
        sum(row.lines for row in rows),
        sum(row.waits for row in rows),
        sum(row.tests for row in rows),
        *(sum(row.passed[name] for row in rows) for name in LOWERED),
    ]
    lines.append(["**all**", *(f"**{number:,}**" for number in sums)])
    seconds = sum(row.seconds for row in rows)
    note = f"\nLowering them took {seconds:.0f} seconds, {sums[0] / seconds:,.0f} lines a second.\n"
    return _rows(lines) + note


def exceptions() -> str:
    """The table of :data:`KNOWN`."""
    lines = [["modules", "test", "where", "why"], ["---"] * 4]
    for entry in KNOWN:
        where = "" if entry.variants == ALL else ", ".join(entry.variants)
        if len(entry.versions) < 3:
            where = "; ".join(filter(None, [where, ", ".join(entry.versions)]))
        test = entry.test.split(".test_", 1)[-1]
        lines.append([entry.suite, f"`{test}`", where or "always", entry.reason])
    return _rows(lines)


def _rows(lines: list[list[str]]) -> str:
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
