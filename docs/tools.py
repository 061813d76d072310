"""Write ``docs/tools.md``: what tools show of a coroutine, and of a thread function that the import hook lowered.

Every output on that page is from a real run of this script: ``python docs/tools.py`` (it needs coverage and
pytest).  Paths and times are taken out, since they differ from run to run.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
ASYNC = """\
import asyncio


async def fetch(key):
    await asyncio.sleep(0)
    return {"a": 1, "b": 2}[key]


async def total(keys):
    found = 0
    for key in keys:
        found += await fetch(key)
    if found > 10:
        print("many")
    return found


def run(keys):
    return asyncio.run(total(keys))
"""
DIRECT = """\
from lwtsyntax import lwt
from lwtsyntax import runtime as Lwt


@lwt
def fetch(key):
    lwt(Lwt.pause())
    return {"a": 1, "b": 2}[key]


@lwt
def total(keys):
    found = 0
    for key in keys:
        found += lwt(fetch(key))
    if found > 10:
        print("many")
    return found


def run(keys):
    return Lwt.run(total(keys))
"""
MAIN = "import sys\n\nfrom work import run\n\nprint(run(sys.argv[1]))\n"
INSTALL = 'import lwtsyntax\n\nlwtsyntax.install(["work"])\n'
INSPECT = "import inspect\n\nimport work\n\nprint(inspect.getsource(work.fetch), end='')\nprint(inspect.signature(work.fetch), work.fetch.__qualname__)\n"
ASYNC_TEST = """

async def check(keys):
    assert await total(keys) > 3


def test_total():
    asyncio.run(check("ab"))
"""
DIRECT_TEST = """

@lwt
def test_total():
    assert lwt(total("ab")) > 3
"""


class Side:
    """One of the two programs, and a directory to run it in."""

    def __init__(self, folder: Path, work: str, install: str) -> None:
        self.folder, self.install, self.work = folder, install, work
        folder.mkdir()
        self.write("work.py", work)
        self.write("main.py", install + MAIN)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def line(self, text: str) -> int:
        """The line of the program that begins with *text*."""
        lines = self.work.splitlines()
        return next(i for i, line in enumerate(lines, 1) if line.strip().startswith(text))

    def python(self, *arguments: str, stdin: str = "") -> str:
        """What ``python *arguments`` writes, without what differs from run to run."""
        root = HERE.parent
        paths = [str(root), str(root / "cli"), os.environ.get("PYTHONPATH", "")]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
        environment |= {"NO_COLOR": "1", "PYTHON_COLORS": "0", "COLUMNS": "100"}
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder, env=environment, input=stdin, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        text = done.stdout.replace(f"{self.folder}{os.sep}", "").replace(str(self.folder), ".")
        text = re.sub(r'(File "|> |  )/[^" (]*/((?:asyncio|lwtsyntax)/)', r"\1…/\2", text)
        return re.sub(r"0x[0-9a-f]+", "0x…", text).rstrip() + "\n"


def traceback(side: Side) -> str:
    """The same entries with the same marks; those of the event loop are gone."""
    text = side.python("main.py", "ax")
    return re.sub(r'(  File "…/asyncio.*\n(?:    .*\n)*)+', "  … 3 entries of asyncio …\n", text)


def debugger(side: Side) -> str:
    """Breakpoints are set by the lines of the source.  On a line that waits one stops twice, before the wait
    and behind it, as the rest of the statement is a function of its own; it sees the variables that it uses.
    `n` over a wait therefore ends in the caller, as it does for a coroutine that has to wait: go on with
    `c` and a breakpoint, or with `s`, the runtime being skipped (`skip=["lwtsyntax.*"]` of `pdb.Pdb`).
    """
    wait, end = side.line("found +="), side.line("if found")
    commands = [f"b work.py:{wait}", "c", "p key, found", "n", "c", "p key, found", "cl 1"]
    commands += [f"b work.py:{end}", "c", "p found", "n", "n", "q"]
    shown = side.python("-m", "pdb", "main.py", "ab", stdin="\n".join(commands) + "\n")
    answers = re.split(r"\(Pdb\) ", shown)[1:]
    lines = [
        f"(Pdb) {command}\n{answer}" for command, answer in zip(commands, answers, strict=False)
    ]
    text = "".join(line if line.endswith("\n") else line + "\n" for line in lines)
    return re.sub(r"<Promise pend.*?>", "<Promise pending>", text)


def coverage(side: Side) -> str:
    """The same lines and the same branches.  Limit: a branch or a loop that ends a function behind a wait is
    not seen to leave it, so its line counts as a partial branch.
    """
    side.write(".coveragerc", "[run]\nbranch = True\ninclude = work.py\n")
    side.python("-m", "coverage", "run", "main.py", "ab")
    return side.python("-m", "coverage", "report", "-m")


def inspecting(side: Side) -> str:
    """The source as written, decorator included."""
    side.write("look.py", side.install + INSPECT)
    return side.python("look.py")


def assertion(side: Side) -> str:
    """The plugin lowers test modules before pytest rewrites their assertions."""
    side.write("test_total.py", side.work + (DIRECT_TEST if side.install else ASYNC_TEST))
    plugin = "lwtsyntax.pytest_plugin"
    known = {point.value for point in entry_points(group="pytest11")}
    options = ["-q", "--no-header", "-p", "no:cacheprovider", "--tb=short", "-rN"]
    options += [] if plugin in known else ["-p", plugin]
    shown = side.python("-m", "pytest", *options, "test_total.py").splitlines()
    first = next(i for i, line in enumerate(shown) if line.startswith("____"))
    last = max(i for i, line in enumerate(shown) if line.startswith("E  "))
    lines = "\n".join(shown[first + 1 : last + 1]) + "\n"
    return re.sub(r"((?:/|…).*asyncio.*\n(?:    .*\n)*)+", "… 3 entries of asyncio …\n", lines)


def profiler(side: Side) -> str:
    """A function has a row for itself and one for each of its parts behind a wait, at about the line where
    the part begins: each has a line of its own, or cProfile would drop all but one.  A coroutine has one
    row, in which each resumption counts.
    """
    shown = side.python("-m", "cProfile", "-s", "name", "main.py", "ab")
    row = re.compile(r"^ *(\d+(?:/\d+)?) .*? work\.py:(\d+)(\(.*\))$", re.MULTILINE)
    rows = sorted((int(line), calls, name) for calls, line, name in row.findall(shown))
    return "ncalls  function\n" + "".join(
        f"{calls:>6}  work.py:{line}{name}\n" for line, calls, name in rows
    )


SECTIONS = {
    "A traceback": traceback,
    "pdb": debugger,
    "coverage, with branches": coverage,
    "inspect": inspecting,
    "An assertion under pytest": assertion,
    "cProfile": profiler,
}


def page(folder: Path) -> str:
    sides = Side(folder / "coroutine", ASYNC, ""), Side(folder / "thread", DIRECT, INSTALL)
    summary, details = [], []
    for title, show in SECTIONS.items():
        left, right = [show(side) for side in sides]
        summary.append(f"| {title} | {' '.join((show.__doc__ or '').split())} |")
        details.append(
            f"## {title}\n\n`async def`:\n\n```text\n{left}```\n\n`@lwt`:\n\n```text\n{right}```\n"
        )
    return "\n".join(
        [
            "# What tools see\n",
            "The same program twice, as coroutines and in direct style with the import hook, and what tools say of it. This page is written by",
            "`python docs/tools.py`, which runs everything on it; here with CPython "
            + ".".join(map(str, sys.version_info[:2])) + ".\n",
            f"```py\n{ASYNC}```\n",
            f"```py\n{DIRECT}```\n",
            "| tool | what a user sees |",
            "|---|---|",
            *summary,
            "",
            *details,
        ]
    )  # fmt: skip


def main() -> None:
    """Write the page."""
    with TemporaryDirectory() as folder:
        text = page(Path(folder).resolve())
    (HERE / "tools.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
