"""Packages to import, and fresh interpreters to import them in."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# What the fixture `package` is: writes files that can then be imported.
Package = Callable[[dict[str, str]], Path]

MARKED = """\
from lwtsyntax import lwt
from lwtsyntax import runtime as Lwt


@lwt
def double(n):
    lwt(Lwt.pause())
    return 2 * n
"""
PLAIN = "value = 1\n"


def write(root: Path, files: dict[str, str]) -> Path:
    """Write *files*, the folders above them included."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return root


def python(
    *arguments: str, cwd: Path, code: str = "", check: bool = True, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a fresh interpreter in *cwd*; *environment* adds to its environment."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "cli"), environment.pop("PYTHONPATH", "")])
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PYTEST"))}
    done = subprocess.run(
        [sys.executable, *arguments, *(["-c", textwrap.dedent(code)] if code else [])],
        cwd=cwd, env={**kept, "PYTHONPATH": path.rstrip(os.pathsep), **environment},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert not check or done.returncode == 0, done.stderr
    return done


def cached(root: Path) -> list[str]:
    """The names of the cache files below *root* that are ours, without their digests."""
    return sorted(each.name.partition("lwtsyntax")[0] for each in root.rglob("*lwtsyntax*.pyc"))
