"""Options of the test run: ``--update-goldens``, ``--programs N``."""

from __future__ import annotations

import pytest

from lwtsyntax.runtime._core import is_compiled


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("lwtsyntax")
    group.addoption(
        "--update-goldens",
        action="store_true",
        help="rewrite the golden parts of the fixtures; refuses one whose ways disagree",
    )
    group.addoption(
        "--programs",
        type=int,
        default=150,
        metavar="N",
        help="how many generated programs go through the oracle",
    )


def pytest_report_header() -> str:
    return f"lwtsyntax.runtime: {'compiled' if is_compiled else 'pure Python'}"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes seconds; runs in CI all the same")
