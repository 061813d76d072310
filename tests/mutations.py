"""Break one rule at a time, and see whether a test notices.

    python tests/mutations.py               every mutation of the table (tests/mutating/)
    python tests/mutations.py for finally   those whose name or file holds one of the words
    python tests/mutations.py --list        the table

Each mutation is made in a copy of the package.  First the programs of the folders that the table names
must do something else (``test_ways_agree``); where they do not, the wider part of the suite is asked.
What nobody notices is a hole in the tests: the command ends with 1.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mutating import MUTATIONS, Mutation

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 900  # seconds: a mutated loop may have no end
WIDER = ["tests/test_fixtures.py", "tests/runtime", "tests/test_positions.py", "tests/test_size.py"]
COPIED = ["lwtsyntax", "cli", "tests", "pyproject.toml"]


def main() -> int:
    arguments = _arguments()
    words = arguments.words
    chosen = [
        each
        for each in MUTATIONS
        if not words or any(word in f"{each.name} {each.file}" for word in words)
    ]
    survivors = []
    for mutation in chosen:
        if arguments.list:
            print(f"{mutation.file}: {mutation.name}")
            continue
        started = time.monotonic()
        killer = noticed(mutation)
        survivors += [] if killer else [mutation]
        outcome = f"killed by {killer}" if killer else "SURVIVED"
        seconds = time.monotonic() - started
        print(f"{mutation.file}: {mutation.name}: {outcome} ({seconds:.0f} s)", flush=True)
    if not arguments.list:
        print(f"{len(chosen) - len(survivors)} of {len(chosen)} mutations killed")
    return 1 if survivors else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "words", nargs="*", help="only mutations whose name or file holds one of these"
    )
    parser.add_argument("--list", action="store_true", help="only show the table")
    return parser.parse_args()


def noticed(mutation: Mutation) -> str | None:
    """The first test that fails under *mutation*, or None."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            source, target = ROOT / name, copy / name
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                shutil.copy(source, target)
        mutation.apply(copy / "lwtsyntax")
        files = [word for word in mutation.where.split() if word.startswith("tests/")]
        folders = [word for word in mutation.where.split() if not word.startswith("tests/")]
        if folders:
            killer = _first_failure(copy, ["tests/test_fixtures.py"], folders)
            if killer:
                return killer
        rest = list(dict.fromkeys([*files, *WIDER]))
        return _first_failure(copy, rest, []) if rest else None


def _first_failure(copy: Path, files: list[str], folders: list[str]) -> str | None:
    options = ["-x", "-q", "-p", "no:cacheprovider", "--no-header", "-m", "not slow"]
    if folders:
        options += ["-k", "test_ways_agree and (" + " or ".join(folders) + ")"]
    command = [sys.executable, "-B", "-m", "pytest", *files, *options]
    path = os.pathsep.join([str(copy), str(copy / "cli"), str(copy / "tests")])
    try:
        result = subprocess.run(
            command,
            cwd=copy,
            env={**os.environ, "PYTHONPATH": path, "LWTSYNTAX_PURE_PYTHON": "1"},
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "running without end"
    if result.returncode in (0, 5):
        return None
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", result.stdout, re.MULTILINE)
    return failed[1] if failed else (result.stdout + result.stderr)[-500:]


if __name__ == "__main__":
    sys.exit(main())
