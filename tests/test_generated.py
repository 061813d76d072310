"""Generated programs run in all ways of the oracle, with one result and one event log.

The suite takes the same few seeds each time; ``python tests/search.py`` looks harder.
"""

from __future__ import annotations

import pytest
from harness.comparing import compare, rotated
from harness.guarding import guarded
from harness.programs import program
from harness.reducing import reduced

GROUPS = 10


@pytest.mark.parametrize("group", range(GROUPS))
def test_generated_programs_agree(request: pytest.FixtureRequest, group: int) -> None:
    for seed in range(group, request.config.getoption("--programs"), GROUPS):
        finding = compare(program(seed), rotated(seed))
        if finding is not None:
            hint = f"`python tests/search.py --start {seed} --programs 1` reduces it"
            pytest.fail(f"seed {seed}, {finding.kind}; {hint}\n{finding.details}", pytrace=False)


def test_the_program_of_a_seed_is_always_the_same() -> None:
    assert program(7) == program(7) != program(8)


def test_reducing_keeps_what_fails() -> None:
    source = "def main():\n    if True:\n        x = [1, bad(2, 3)]\n    return 4\n"
    assert reduced(source, lambda text: "bad" in text).strip() == "bad"


def test_what_never_ends_is_given_up() -> None:
    def forever() -> str:
        while True:
            pass

    assert guarded(lambda: "found", 10, "nothing") == "found"
    assert guarded(forever, 0.01, "nothing") == "nothing"
