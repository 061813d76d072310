"""Sources and helpers that the tests of the command line share."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

MARKED = """\
from lwtsyntax import lwt


@lwt
def f(g):
    x = lwt(g())
    return x + 1
"""
PLAIN = "import os\n\n\ndef f( x ):  return x   # odd layout stays\n"
REFUSED = "from lwtsyntax import lwt\n\n\ndef f(g):\n    return lwt(g())\n"
LOWERED_LINE = b"Lwt.map(g(), "


def environment(**more: str) -> dict[str, str]:
    """This process's environment with this source tree importable."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "cli")])
    return {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", **more}


def write(path: Path, text: str | bytes) -> Path:
    """Write *text* exactly, making the directories above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path
