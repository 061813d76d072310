"""The table of mutations fits the package: `python tests/mutations.py` runs it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from mutating import MUTATIONS, Mutation

PACKAGE = Path(__file__).parent.parent / "lwtsyntax"


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: each.name)
def test_the_mutated_text_stands_in_its_file_once(mutation: Mutation) -> None:
    text = (PACKAGE / mutation.file).read_text(encoding="utf-8")
    compile(mutation.applied(text), mutation.file, "exec")


def test_names_are_unique() -> None:
    assert [
        name for name, count in Counter(each.name for each in MUTATIONS).items() if count > 1
    ] == []


def test_every_lowering_and_pass_has_a_mutation() -> None:
    mutated = {each.file for each in MUTATIONS}
    folders = [PACKAGE / "lowerings", PACKAGE / "passes" / "normalise"]
    files = {
        path.relative_to(PACKAGE).as_posix() for folder in folders for path in folder.glob("*.py")
    }
    without_rules = {
        "lowerings/__init__.py",  # the table of the others
        "lowerings/_place.py",  # data
        "passes/normalise/__init__.py",
    }
    assert files - mutated - without_rules == set()
