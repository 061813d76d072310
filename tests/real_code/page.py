"""docs/real_code.md: one table for each version of Python, and the exceptions."""

from __future__ import annotations

import re

from .known import ALL, KNOWN
from .running import LOWERED, ROOT, VERSION, HookedRow, Row
from .suites import SUITES

__all__ = ["exceptions", "update_page"]

PAGE = ROOT / "docs" / "real_code.md"


def update_page(row: Row | HookedRow) -> None:
    """Write *row* into the table of the running version, and the exceptions."""
    if isinstance(row, HookedRow):
        numbers = [row.tests, row.passed, row.lines, row.differing]
        _update(row.suite, f"hook {VERSION}", ["tests", "pass", "lines run", "differing"], numbers)
    else:
        numbers = [row.lines, row.waits, row.tests, *(row.passed[name] for name in LOWERED)]
        _update(row.suite, f"table {VERSION}", ["lines", "waits", "tests", *LOWERED], numbers)


def _update(suite: str, mark: str, head: list[str], numbers: list[int]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    found = re.findall(r"^\| ([\w.]+) \|(.*)\|$", _section(text, mark), flags=re.MULTILINE)
    cells = {suite: [cell.strip() for cell in rest.split("|")] for suite, rest in found}
    cells[suite] = [f"{number:,}" for number in numbers]
    text = _replaced(text, mark, _table(head, cells))
    PAGE.write_text(_replaced(text, "exceptions", exceptions()), encoding="utf-8")


def _section(text: str, mark: str) -> str:
    return text.partition(f"<!-- {mark} -->\n")[2].partition("<!-- end -->")[0]


def _replaced(text: str, mark: str, new: str) -> str:
    pattern = rf"(<!-- {re.escape(mark)} -->\n).*?(<!-- end -->\n)"
    text, count = re.subn(pattern, lambda found: found[1] + new + found[2], text, flags=re.DOTALL)
    assert count == 1, mark
    return text


def _table(head: list[str], cells: dict[str, list[str]]) -> str:
    lines = [["module", *head], ["---"] + ["---:"] * len(head)]
    rows = [cells[suite] for suite in SUITES if suite in cells]
    lines += [[suite, *cells[suite]] for suite in SUITES if suite in cells]
    sums = (
        sum(int(cell.replace(",", "")) for cell in column) for column in zip(*rows, strict=True)
    )
    return _rows([*lines, ["**all**", *(f"**{number:,}**" for number in sums)]])


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
