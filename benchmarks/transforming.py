"""What the transformer costs: ratios to what cannot be done without, measured in one process, in turns.

    python benchmarks/transforming.py

throughout  modules of the standard library with markers planted in all their functions (tests/real_code), to
            libcst's parse and code generation of the same text; also without layout, and black alone on what is printed
three       a module of some 2,000 lines of which three functions are marked, to ``ast.parse``
unmarked    modules without markers, as the command line handles a file, to reading it; also reading it, and searching
            what was read for the name of the package
warm        the command line on 10,000 files with nothing to do, to ``stat`` and a hash of each

Medians of rounds in which the sides take turns, on one processor.
"""

from __future__ import annotations

import argparse
import ast
import gc
import importlib
import importlib.util
import io
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stderr, suppress
from hashlib import sha256
from importlib.metadata import version as distribution
from pathlib import Path

import black
import libcst

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "cli")]

from lwtsyntax_cli.commands.transform import transform as command  # noqa: E402
from lwtsyntax_cli.lowering import Job, lower_file  # noqa: E402

from lwtsyntax.pipeline import transform  # noqa: E402
from tests.real_code.planting import Planting, planted  # noqa: E402

THROUGHOUT = ["textwrap", "heapq", "shlex", "configparser", "argparse", "statistics", "fractions"]
SOURCES = THROUGHOUT + ["difflib", "optparse", "random", "inspect", "typing", "ast", "calendar"]
MARKED = """\
from lwtsyntax import lwt, for_lwt


@lwt
def total_{n}(fetch, names, limit):
    amount = 0
    for name in for_lwt(names):
        try:
            price = lwt(fetch(name))
        except KeyError:
            print("no", name)
            continue
        if price > limit:
            break
        amount += price
    return amount
"""


def source(name: str) -> str:
    path = importlib.util.find_spec(name).origin  # type: ignore[union-attr]
    assert path is not None
    return Path(path).read_text(encoding="utf-8")


def in_turns(rounds: int, *sides: Callable[[], object]) -> list[float]:
    """The median time of each side."""
    for side in sides:
        side()
    taken: list[list[float]] = [[] for _ in sides]
    for _ in range(rounds):
        for side, times in zip(sides, taken, strict=True):
            gc.collect()
            start = time.perf_counter()
            side()
            times.append(time.perf_counter() - start)
    return [statistics.median(times) for times in taken]


def throughout(rounds: int) -> None:
    whole = [0.0, 0.0, 0.0, 0.0]
    for name in THROUGHOUT:
        text = planted(source(name), Planting())
        printed = transform(text, name, format=False).text
        assert printed is not None
        mode = black.Mode()
        taken = in_turns(
            rounds,
            lambda: libcst.parse_module(text).code,  # noqa: B023 (called before the next name)
            lambda: transform(text, name),  # noqa: B023
            lambda: transform(text, name, format=False),  # noqa: B023
            lambda: black.format_str(printed, mode=mode),  # noqa: B023
        )
        whole = [a + b for a, b in zip(whole, taken, strict=True)]
        show_throughout(f"{name} ({len(text.splitlines()):,} lines)", taken)
    show_throughout("throughout", whole)


def show_throughout(name: str, taken: list[float]) -> None:
    unit, formatted, plain, layout = taken
    print(
        f"{name:28} {formatted / unit:5.2f}   without layout {plain / unit:.2f},"
        f" black alone {layout / unit:.2f}  (libcst {unit * 1e3:.0f} ms)",
        flush=True,
    )


def three(rounds: int) -> None:
    """Three of the functions of difflib wait for what they are given."""
    text = source("difflib")
    for name in ("get_close_matches", "_format_range_unified", "IS_CHARACTER_JUNK"):
        text, found = re.subn(rf"(?m)^def {name}\(", f"@lwt\ndef {name}(", text)
        assert found == 1, name
        start = text.index(f"@lwt\ndef {name}(")
        end = start + re.search(r"\n(?=    return )", text[start:]).end()  # type: ignore[union-attr]
        text = f"{text[:end]}    lwt(promise)\n{text[end:]}"
    future = text.index("\n__all__")
    text = f"{text[:future]}\nfrom lwtsyntax import lwt\n{text[future:]}"
    unit, taken = in_turns(rounds, lambda: ast.parse(text), lambda: transform(text, "difflib.py"))
    lines = len(text.splitlines())
    print(f"{f'three of {lines:,} lines':28} {taken / unit:5.2f}   (ast.parse {unit * 1e3:.1f} ms)")


def unmarked(rounds: int, folder: Path) -> None:
    files = [folder / f"{name}.py" for name in SOURCES]
    for name, file in zip(SOURCES, files, strict=True):
        file.write_text(source(name), encoding="utf-8")
    jobs = [Job(str(file), str(file)) for file in files]
    unit, taken, searched = in_turns(
        rounds * 20,
        lambda: [file.read_bytes() for file in files],
        lambda: [lower_file(job) for job in jobs],
        lambda: [b"lwtsyntax" in file.read_bytes() for file in files],
    )
    print(
        f"{'unmarked':28} {taken / unit:5.2f}   with a search alone {searched / unit:.2f}"
        f"  (reading {unit / len(files) * 1e6:.0f} µs a file)"
    )


def warm(rounds: int, folder: Path, number: int) -> None:
    """Pieces of real modules, each file another one; one in 20 has a marked function."""
    texts = [piece for name in SOURCES for piece in pieces(source(name))]
    files = []
    for n in range(number):
        file = folder / f"src/package_{n % 100}/module_{n}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        head = MARKED.format(n=n) if n % 20 == 0 else f"NUMBER = {n}\n"
        file.write_text(head + texts[n % len(texts)], encoding="utf-8")
        files.append(str(file))

    def hashes() -> None:
        for file in files:
            os.stat(file)
            with open(file, "rb") as stream:
                sha256(stream.read()).digest()

    def run(*options: str) -> None:
        with redirect_stderr(io.StringIO()), suppress(SystemExit):
            command.main([str(folder / "src"), "-o", str(folder / "out"), *options])

    start = time.perf_counter()
    run()
    cold = time.perf_counter() - start
    time.sleep(3)  # younger files are read
    run()
    gc.collect()
    gc.freeze()  # what the benchmark has loaded so far, and a command that finds nothing to do has not
    unit, taken = in_turns(rounds, hashes, run)
    print(
        f"{f'warm, {number:,} files':28} {taken / unit:5.2f}   cold {cold / unit:.0f}"
        f"  (stat and hash {unit * 1e3:.0f} ms)"
    )


def pieces(text: str) -> list[str]:
    """Stretches of some 200 lines that are programs of their own."""
    lines = text.splitlines(keepends=True)
    tree = ast.parse(text)
    found, first = [], 0
    for statement in tree.body:
        last = statement.end_lineno or 0
        if last - first >= 200:
            found.append("".join(lines[first:last]))
            first = last
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("only", nargs="*", help="throughout, three, unmarked, warm")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    version = sys.version.split()[0]
    print(f"Python {version}, libcst {distribution('libcst')}, black {distribution('black')}")
    wanted = options.only or ["throughout", "three", "unmarked", "warm"]
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["LWTSYNTAX_CACHE_DIR"] = str(Path(temporary, "cache"))
        if "throughout" in wanted:
            throughout(options.rounds)
        if "three" in wanted:
            three(options.rounds * 4)
        if "unmarked" in wanted:
            unmarked(options.rounds, Path(temporary))
        if "warm" in wanted:
            warm(options.rounds, Path(temporary), options.files)


if __name__ == "__main__":
    main()
