"""A part of :mod:`real_code`: modules of the standard library, lowered, pass CPython's tests for them."""

from __future__ import annotations

import pytest
from real_code.known import ALL, KNOWN
from real_code.page import PAGE, exceptions
from real_code.running import LOWERED, run_hooked, run_suite
from real_code.suites import SUITES

# These take a second or two; `python -m tests.real_code` runs them all.
QUICK = ("textwrap", "shlex", "fractions", "copy", "csv", "configparser")


@pytest.mark.slow
@pytest.mark.parametrize("suite", QUICK)
def test_module_passes_its_tests(suite: str) -> None:
    row = run_suite(suite)
    assert row.problems == []
    assert row.tests > 10


@pytest.mark.slow
@pytest.mark.parametrize("suite", ["shlex", "copy"])
def test_hook_runs_the_same_lines(suite: str) -> None:
    row = run_hooked(suite)
    assert row.problems == []
    assert row.differing == 0 < row.lines


def test_exceptions_name_what_there_is() -> None:
    assert ALL == LOWERED
    assert {entry.suite for entry in KNOWN} <= set(SUITES)
    assert {variant for entry in KNOWN for variant in entry.variants} <= set(LOWERED)


def test_page_lists_the_exceptions() -> None:
    assert exceptions() in PAGE.read_text(encoding="utf-8")
