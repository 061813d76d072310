"""Fixture files: flags, source, ``# output``, ``# prints``.

::

    # flags: modes=transformed
    from effects import get, log
    from lwtsyntax import lwt
    ...

    # output
    from lwtsyntax import runtime as Lwt
    ...

    # prints
    # get 1
    # main gives 1

A section ``# prints`` holds the event log of every way.  The log of a program with the flag
``interleaves`` depends on which of its promises are pending: it has one section for each case,
``# prints when resolved`` and ``# prints when pending``.  The output of a fixture with the flag
``refused=LWT0xx`` is its diagnostics.  One with the flag ``warns=LWT0xx`` has a section
``# warnings`` with those diagnostics; any other must not give any.

flags: ``refused=CODE``; ``warns=CODE``; ``modes=identity,asyncio,transformed`` (which ways it runs, all unless it
says); ``interleaves``; ``pauses`` (it waits for something pending in every mode); ``python>=3.12``.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from lwtsyntax.pipeline import Target

__all__ = ["FIXTURES", "Fixture", "all_fixtures", "read"]

FIXTURES = Path(__file__).parent.parent / "fixtures"
_SECTION = re.compile(r"^# (output|warnings|prints(?: when \w+)?)$", re.MULTILINE)
_KNOWN_FLAGS = {"refused", "warns", "modes", "interleaves", "pauses", "python", "differs_in_async"}


@dataclass
class Fixture:
    """One fixture; ``sections`` are its golden parts by title."""

    path: Path
    source: str
    flags: dict[str, str]
    sections: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """``construct/what_it_shows.py``, which is also the file name that diagnostics show."""
        return self.path.relative_to(FIXTURES).as_posix()

    @property
    def modes(self) -> list[str]:
        return self.flags.get("modes", "identity,asyncio,transformed").split(",")

    @property
    def differs_in_async(self) -> bool:
        return "differs_in_async" in self.flags

    @property
    def target(self) -> Target:
        """What its output is."""
        return "async" if self.path.parent.name == "to_async" else "binds"

    @property
    def refused(self) -> str | None:
        return self.flags.get("refused")

    @property
    def warns(self) -> set[str]:
        """The codes of its warnings."""
        return set(filter(None, self.flags.get("warns", "").split(",")))

    @property
    def interleaves(self) -> bool:
        """Whether the event log depends on which promises are pending."""
        return "interleaves" in self.flags

    @property
    def runs_here(self) -> bool:
        """Whether this Python knows the syntax."""
        least = tuple(map(int, self.flags.get("python", "3.0").split(".")))
        return sys.version_info[:2] >= least

    def text(self, sections: dict[str, str]) -> str:
        """The file with *sections* as its golden parts."""
        parts = [self.source.rstrip("\n")]
        for title, content in sections.items():
            if title != "output" or self.refused:
                content = "".join(f"# {line}".rstrip() + "\n" for line in content.splitlines())
            parts.append(f"# {title}\n{content}".rstrip("\n"))
        return "\n\n".join(parts) + "\n"

    def same(self, sections: dict[str, str]) -> bool:
        """Whether the file already holds *sections*."""
        return self.path.read_text(encoding="utf-8") == self.text(sections)


def read(path: Path) -> Fixture:
    """The fixture at *path*."""
    text = path.read_text(encoding="utf-8")
    first = _SECTION.search(text)
    source = text[: first.start()].rstrip("\n") + "\n" if first else text
    fixture = Fixture(path, source, _flags(source, path))
    marks = list(_SECTION.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    for mark, end in zip(marks, ends, strict=False):
        content = text[mark.end() + 1 : end]
        if mark[1] != "output" or fixture.refused:
            content = re.sub(r"^# ?", "", content, flags=re.MULTILINE)
        fixture.sections[mark[1]] = content.strip("\n") + "\n"
    return fixture


def all_fixtures() -> list[Fixture]:
    """Every fixture, in order of their names."""
    return [read(path) for path in sorted(FIXTURES.glob("*/*.py"))]


def _flags(source: str, path: Path) -> dict[str, str]:
    line = source.partition("\n")[0]
    if not line.startswith("# flags:"):
        return {}
    words = line.removeprefix("# flags:").replace(">=", "=").split()
    flags = {name: value for name, _, value in (word.partition("=") for word in words)}
    unknown = flags.keys() - _KNOWN_FLAGS
    if unknown:
        raise ValueError(
            f"{path}: unknown flags {sorted(unknown)}; known are {sorted(_KNOWN_FLAGS)}"
        )
    return flags
