"""Generated programs run six ways, with one result and one event log.

``pytest tests/test_generated.py --programs 5000`` looks harder; ``--hypothesis-seed`` repeats.  A
program that fails is reduced and shown.
"""

from __future__ import annotations

import re

import pytest
from harness.goldens import difference
from harness.oracle import Outcome, Refused, observe
from harness.programs import programs
from harness.reducing import reduced
from hypothesis import HealthCheck, Phase, given, settings

WAYS = (
    "asyncio",
    "async",
    "resolved unformatted",
    "pending unformatted",
    "mixed 0 unformatted",
    "mixed 1 unformatted",
    "pending unformatted unoptimised",
    "resolved unformatted unoptimised",
)


def failure(source: str) -> tuple[str, str] | None:
    """The first way in which *source* differs from ``lwt`` as identity, and how."""
    expected = observe(source, "identity")
    for way in WAYS:
        try:
            found = observe(source, way)
        except Exception as error:  # noqa: BLE001  (a refusal or a crash is a finding)
            kind = re.search(r"LWT\d+", str(error)) if isinstance(error, Refused) else None
            return f"{way}: {kind[0] if kind else type(error).__name__}", str(error)
        if found != expected:
            return f"{way}: {_kind(found)}", difference("identity", expected, way, found)
    return None


def _kind(outcome: Outcome) -> str:
    return outcome.result.partition("(")[0]


def fails_alike(source: str, kind: str) -> bool:
    try:
        found = failure(source)
    except Exception:  # noqa: BLE001  (a program that does not run at all)
        return False
    return found is not None and found[0] == kind


def test_generated_programs_agree(request: pytest.FixtureRequest) -> None:
    number = request.config.getoption("--programs")

    @settings(
        max_examples=number,
        derandomize=number <= 150,  # the suite says the same each time; a search is a search
        deadline=None,
        database=None,
        phases=[Phase.generate],  # harness.reducing is quicker than the shrinking of choices
        suppress_health_check=list(HealthCheck),
    )
    @given(programs())
    def agree(source: str) -> None:
        found = failure(source)
        if found is not None:
            kind = found[0]
            small = reduced(source, lambda text: fails_alike(text, kind))
            pytest.fail(f"{small}\n{failure(small)}", pytrace=False)

    agree()


def test_reducing_keeps_what_fails() -> None:
    source = "def main():\n    if True:\n        x = [1, bad(2, 3)]\n    return 4\n"
    assert reduced(source, lambda text: "bad" in text).strip() == "bad"
