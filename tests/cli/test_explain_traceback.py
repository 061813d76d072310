"""``lwtsyntax explain-traceback``: entries of written outputs become those of their sources."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_support import environment, write
from conftest import Invoke, Subprocess

PROGRAM = """\
from lwtsyntax import lwt
from lwtsyntax import runtime as Lwt


@lwt
def divide(n):
    lwt(Lwt.pause())
    # a comment
    return [n, 1 / n]


@lwt
def main(n):
    if n:
        lwt(Lwt.pause())
    found = lwt(divide(n))
    return found
"""
SOURCE = os.path.join("src", "prog.py")
OUTPUT = os.path.join("out", "prog.py")


@pytest.fixture
def lines(invoke: Invoke) -> list[str]:
    """The lines of an output, whose program is src/prog.py."""
    write(Path(SOURCE), PROGRAM)
    assert invoke("transform", "src", "-o", "out", "--source-map").exit_code == 0
    return Path(OUTPUT).read_text().split("\n")


def entry(lines: list[str], piece: str, function: str, path: str = OUTPUT, marks: str = "") -> str:
    """The entry of the last line that holds *piece*."""
    number = max(n for n, line in enumerate(lines, 1) if piece in line)
    text = lines[number - 1]
    shown = f'  File "{path}", line {number}, in {function}\n    {text.strip()}\n'
    if marks:
        column = text.index(marks) - (len(text) - len(text.lstrip()))
        shown += f"    {' ' * column}{'~' * (len(marks) - 1)}^\n"
    return shown


HEAD, TAIL = "Traceback (most recent call last):\n", "ZeroDivisionError: division by zero\n"
DIVIDE = f'  File "{SOURCE}", line 9, in divide\n    return [n, 1 / n]\n'
MAIN = f'  File "{SOURCE}", line 16, in main\n    found = lwt(divide(n))\n'


def explained(invoke: Invoke, text: str, *arguments: str) -> str:
    result = invoke("explain-traceback", *arguments, stdin=text.encode())
    assert result.exit_code == 0
    return result.stdout_bytes.decode()


def test_a_traceback_of_a_run_is_explained(command: Subprocess, tmp_path: Path) -> None:
    write(tmp_path / "src/prog.py", f"{PROGRAM}\n\nLwt.run(main(0))\n")
    assert command("transform", "src", "-o", "out", "--source-map").returncode == 0
    failed = subprocess.run(
        [sys.executable, "out/prog.py"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        check=False,
    )
    done = command("explain-traceback", input=failed.stderr)
    assert (done.returncode, done.stderr) == (0, b"")
    shown = done.stdout.decode().splitlines()
    source = tmp_path.resolve() / "src" / "prog.py"
    assert (
        shown[:9]
        == [
            "Traceback (most recent call last):",
            f'  File "{source}", line 20, in <module>',
            "    Lwt.run(main(0))",
            *(["    ~~~~~~~^^^^^^^^^"] if sys.version_info >= (3, 13) else []),
            f'  File "{source}", line 16, in main',
            "    found = lwt(divide(n))",
            f'  File "{source}", line 9, in divide',
            "    return [n, 1 / n]",
            "               ~~^~~",
            "ZeroDivisionError: division by zero",
        ][:9]
    )


def test_code_and_marks_are_those_of_the_source(invoke: Invoke, lines: list[str]) -> None:
    text = HEAD + entry(lines, "1 / n", "after_pause", marks="1 / n") + TAIL
    assert explained(invoke, text) == f"{HEAD}{DIVIDE}               ~~~~^\n{TAIL}"
    text = HEAD + entry(lines, "divide(n)", "after_if", marks="divide(n)") + TAIL
    assert explained(invoke, text) == f"{HEAD}{MAIN}                ~~~~~~~~^\n{TAIL}"


def test_marks_below_generated_code_go(invoke: Invoke, lines: list[str]) -> None:
    text = (
        HEAD
        + entry(lines, "divide(n)", "after_if", marks="Lwt.map(divide(n), lambda found: found)")
        + TAIL
    )
    assert explained(invoke, text) == HEAD + MAIN + TAIL


def test_entries_of_one_activation_become_one(invoke: Invoke, lines: list[str]) -> None:
    first = entry(lines, "return Lwt.bind(Lwt.pause", "main")
    second = entry(lines, "divide(n)", "after_if")
    assert explained(invoke, HEAD + first + second + TAIL) == HEAD + MAIN + TAIL
    twice = HEAD + 2 * (first + second) + TAIL
    assert explained(invoke, twice) == HEAD + 2 * MAIN + TAIL
    waiting = entry(lines, "def after_pause(_)", "divide")
    both = HEAD + waiting + entry(lines, "1 / n", "after_pause") + TAIL
    assert explained(invoke, both).count("in divide") == 2


def test_everything_else_stays(invoke: Invoke, lines: list[str]) -> None:
    text = (
        "some log\r\n\n"
        f'{HEAD}  File "{__file__}", line 3, in f\n    code\n    ^^^^\n'
        '  File "<string>", line 1, in <module>\n'
        f'  File "{OUTPUT}", line 99999, in f\n'
        f'  File "{OUTPUT}", line 5\n    x = = 1\n        ^\nSyntaxError: invalid syntax\n'
        '  File "nowhere/a.py", line 1, in <module>\n'
        f'  File "{SOURCE}", line 9, in divide\n    return [n, 1 / n]\n'
        "  [Previous line repeated 3 more times]\n\x0c\u2028 last"
    )
    result = invoke("explain-traceback", stdin=text.encode() + b"\xff")
    assert result.exit_code == 0
    assert result.stdout_bytes == text.encode() + b"\xff"
    assert result.stderr.startswith("note: ")


def test_an_entry_that_shows_another_line_stays(invoke: Invoke, lines: list[str]) -> None:
    """The output has changed since."""
    text = entry(lines, "1 / n", "after_pause").replace("1 / n", "2 / n")
    assert explained(invoke, text) == text


def test_an_entry_without_its_code_gets_that_of_the_source(
    invoke: Invoke, lines: list[str]
) -> None:
    first, _, _ = entry(lines, "1 / n", "after_pause").partition("\n")
    assert explained(invoke, first) == DIVIDE.rstrip("\n")


def test_repetitions_stay_behind_their_entry(invoke: Invoke, lines: list[str]) -> None:
    repeated = "  [Previous line repeated 7 more times]\n"
    waiting = entry(lines, "divide(n)", "main")
    text = HEAD + waiting + repeated + waiting.replace("in main", "in after_if") + TAIL
    assert explained(invoke, text) == HEAD + MAIN + repeated + MAIN + TAIL


@pytest.mark.parametrize(
    "link",
    [
        "\nDuring handling of the above exception, another exception occurred:\n\n",
        "\nThe above exception was the direct cause of the following exception:\n\n",
        "some other line\n",
    ],
)
def test_every_traceback_of_a_text_is_explained(
    invoke: Invoke, lines: list[str], link: str
) -> None:
    trace = HEAD + entry(lines, "1 / n", "after_pause") + TAIL
    done = HEAD + DIVIDE + TAIL
    assert explained(invoke, trace + link + trace) == done + link + done


GROUP = """\
  + Exception Group Traceback (most recent call last):
{outer}
  | ExceptionGroup: several (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
{inner}
    | ZeroDivisionError: division by zero
    +------------------------------------
"""


def test_the_margins_of_exception_groups(invoke: Invoke, lines: list[str]) -> None:
    def group(outer: str, inner: str) -> str:
        return GROUP.format(
            outer="\n".join(f"  | {line}" for line in outer.splitlines()),
            inner="\n".join(f"    | {line}" for line in inner.splitlines()),
        )

    inner = entry(lines, "1 / n", "after_pause", marks="1 / n")
    text = group(entry(lines, "divide(n)", "after_if"), inner)
    assert explained(invoke, text) == group(MAIN, f"{DIVIDE}               ~~~~^\n")


@pytest.mark.parametrize("prefix", ["web-1  | ", "2026-01-02 03:04:0{} ERROR [x] ", "\t", "> "])
def test_prefixes_of_logs(invoke: Invoke, lines: list[str], prefix: str) -> None:
    def logged(text: str) -> str:
        return "".join(prefix.format(n) + line for n, line in enumerate(text.splitlines(True)))

    text = explained(invoke, logged(HEAD + entry(lines, "1 / n", "after_pause") + TAIL))
    bare = [line[len(prefix.format(0)) :] for line in text.splitlines(True)]
    assert "".join(bare) == HEAD + DIVIDE + TAIL


def test_windows_paths_and_line_ends(invoke: Invoke, lines: list[str]) -> None:
    text = (HEAD + entry(lines, "1 / n", "after_pause", "out\\prog.py")).replace("\n", "\r\n")
    expected = (HEAD + DIVIDE.replace(SOURCE, "src\\prog.py")).replace("\n", "\r\n")
    assert explained(invoke, text) == expected


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("prog.py", "../src/prog.py"),
        ("/srv/app/out/prog.py", "/srv/app/src/prog.py"),
        ("C:\\app\\out\\prog.py", "C:\\app\\src\\prog.py"),
    ],
)
def test_a_root_for_paths_from_elsewhere(
    invoke: Invoke, lines: list[str], path: str, shown: str
) -> None:
    text = HEAD + entry(lines, "1 / n", "after_pause", path) + TAIL
    assert explained(invoke, text) == text
    expected = HEAD + DIVIDE.replace(SOURCE, shown) + TAIL
    assert explained(invoke, text, "--root", "out") == expected


def test_the_text_may_be_in_a_file(invoke: Invoke, lines: list[str]) -> None:
    write(Path("log.txt"), HEAD + entry(lines, "1 / n", "after_pause"))
    assert explained(invoke, "", "log.txt") == HEAD + DIVIDE
