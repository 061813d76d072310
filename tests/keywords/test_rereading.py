"""What is known of an earlier text of a .lwt file changes nothing of how the present one is read."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from harness.analyses import same
from harness.fixtures import all_fixtures

from lwtsyntax.analysing import analyse
from lwtsyntax.diagnostics import Diagnostic, Refusal
from lwtsyntax.ir.source import Source
from lwtsyntax.ir.spelling import Respelled
from lwtsyntax.keywords import blocks, read_keywords
from lwtsyntax.keywords.rereading import Remembered, reread
from lwtsyntax.spellings import to_keywords

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]


def _texts() -> Iterator[str]:
    for folder in (ROOT / "examples", Path(__file__).parent / "programs"):
        yield from (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.lwt")))
    for fixture in all_fixtures():
        found = to_keywords(fixture.source)
        if found.text is not None and found.changed:
            yield found.text


TEXTS = list(_texts())
WORDS = [
    "",
    "",
    "x",
    " ",
    "\n",
    "\r",
    "\f",
    "(",
    ")",
    "]",
    ":",
    ";",
    "#",
    '"',
    "'",
    '"""',
    "\\",
    "@",
]
WORDS += [
    "lwt ",
    "lwt(",
    "for_lwt ",
    "if_lwt x:\n",
    "try_lwt: x\n",
    "return_lwt ",
    " and ",
    "case ",
]
WORDS += [
    "exception ",
    "except E: pass\n",
    "else_lwt: f()\n",
    "else: pass\n",
    "    ",
    "def f(x):\n",
]
WORDS += [
    "from lwtsyntax import lwt as wait\n",
    "from lwtsyntax import for_lwt\n",
    "lwt = 1\n",
    "Lwt = 1\n",
]
WORDS += [
    "import lwtsyntax.runtime as Lwt\n",
    "from a import *\n",
    "global x\n",
    "lwt main()\n",
    "@lwt\n",
    "é",
]
WORDS += ["x = 1 # '''\n", "from __future__ import annotations\n", "\r\n", "else_lwt: f()\n"]


def _edited(text: str, choices: random.Random) -> str:
    """*text* after a key, or after lines have been taken out, put in, moved or indented."""
    if choices.random() < 0.6:
        start = choices.randrange(len(text) + 1)
        end = min(len(text), start + choices.choice([0, 0, 1, 1, 2, 5, 30]))
        return text[:start] + choices.choice(WORDS) + text[end:]
    lines = text.splitlines(keepends=True)
    start = choices.randrange(len(lines) + 1)
    taken = lines[start : start + choices.choice([0, 1, 1, 2, 5])]
    rest = lines[:start] + lines[start + len(taken) :]
    match choices.randrange(5):
        case 0:
            put = [choices.choice(WORDS)]
        case 1:
            put = ["    " + line for line in taken]
        case 2:
            put = [line.removeprefix("    ") for line in taken]
        case 3:
            put = [*taken, *taken]
        case _:
            put = []
            to = choices.randrange(len(rest) + 1)
            rest[to:to] = taken
    return "".join([*rest[:start], *put, *rest[start:]])


def _read(read: Callable[[], T]) -> tuple[T | None, tuple[Diagnostic, ...]]:
    """What *read* gives, or what it is refused for."""
    try:
        return read(), ()
    except Refusal as refusal:
        return None, refusal.diagnostics


def _check(text: str, known: Remembered | None) -> Remembered | None:
    """That *text* is read, or refused, as if nothing were known; and what there is to know of it."""
    source = Source(text, "file.lwt")
    expected, refusal = _read(lambda: read_keywords(source))
    quick, other = _read(lambda: reread(source, known))
    assert other == refusal, text
    if quick is None or expected is None:
        return None
    written, found = quick
    assert found is not None and found.source is written, text
    assert isinstance(written, Respelled) == isinstance(expected, Respelled)
    assert (written.text, written.filename) == (expected.text, expected.filename)
    assert written.threads == expected.threads
    assert written.shown is source
    if isinstance(written, Respelled) and isinstance(expected, Respelled):
        assert written._pieces == expected._pieces
    return found


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "_LEAST", 1)


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
def test_what_is_known_changes_nothing(seed: int) -> None:
    choices = random.Random(seed)
    for _ in range(4):
        text = "\n\n".join(choices.sample(TEXTS, choices.choice([1, 2, 3])))
        if choices.random() < 0.2:
            text = text.replace("\n", "\r\n")
        known = _check(text, None)
        for _ in range(15):
            after = _edited(text, choices)
            found = _check(after, known)
            if found is not None and choices.random() < 0.7:
                text, known = after, found


# edits that change what stands elsewhere, and what belongs together: lines that go away (-), lines that come (+)
CHANGES = [
    """
- from a import mark
+ from lwtsyntax import lwt as mark
  x = 1
  y = 2
  def f(get):
      return mark(get)
""",
    """
- from a import mark
+ from lwtsyntax import lwt as mark
  x = 1
  y = 2
  @mark
  def f(get):
      for_lwt x in get: pass
""",
    """
- x = 1
+ lwt = 1
  y = 2
  def f(get):
      lwt x = get()
  z = 3
""",
    """
  def f(get):
      lwt x = get()
  y = 2
- z = 3
+ def g(Lwt): pass
  a = 4
  lwt f(y)
""",
    """
  import a
- x = 1
+ import b
  import c
  import d
  def f(get):
      lwt x = get()
""",
    """
- x = 1
+ lwt x = '''
  y = 1  # '''
  else_lwt: f()
  z = 3
""",
    """
  lwt main()
- x = 1
+ else_lwt: f()
  y = 2
""",
    """
  lwt x = a and y = b
- x = 1
+ except_lwt: f()
  y = 2
""",
    """
  x = 1
  try_lwt: x
- y = 2
+ finally: y
  z = 3
""",
    """
  x = 1
- def return_lwt(): pass
  y = 2
  z = return_lwt (y)
  a = 4
""",
    """
- from a import b
+ from a import *
  x = 1
  def f(get):
      return for_lwt(get)
  y = 2
""",
    """
  x = 1
  if x:
      x = 2
- elsewhere = x
+ else: x
  y = 3
  z = 4
  def f(get):
      lwt get()
""",
    """
  x = 1
- if x:
  y = '''
- '''
  def f(get):
      lwt get()
  y = '''
  '''
""",
]


@pytest.mark.parametrize("changes", CHANGES)
def test_edits_that_reach_further_than_their_lines(changes: str) -> None:
    lines = changes.splitlines(keepends=True)[1:]
    before = "".join(line[2:] for line in lines if line[0] != "+")
    after = "".join(line[2:] for line in lines if line[0] != "-")
    for text, other in ((before, after), (after, before)):
        _check(text, _check(other, _check(text, None)))


def test_only_what_has_changed_is_read() -> None:
    functions = (f"def f{n}(get):\n    lwt x = get({n})\n" for n in range(9))
    text = "\n\n".join(["import sys\n", *functions])
    known = _check(text, None)
    assert known is not None
    for new in ("get(44)", "get(\n4)", "get()\n\n\n    pass"):
        found = _check(text.replace("get(4)", new), known)
        assert found is not None
        shared = [one is other for one, other in zip(known.blocks, found.blocks, strict=True)]
        assert shared == [each not in (4, 5) for each in range(9)]


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("seed", range(10))
def test_an_analysis_is_the_same(seed: int) -> None:
    choices = random.Random(seed)
    text = "\n\n".join(choices.sample(TEXTS, 2))
    known = analyse(text, "file.lwt", remember=True)
    same(known, analyse(text, "file.lwt"))
    for _ in range(10):
        after = _edited(text, choices)
        quick = analyse(after, "file.lwt", since=known, remember=True)
        same(quick, analyse(after, "file.lwt"))
        if quick.compiles and not quick.refused:
            text, known = after, quick
