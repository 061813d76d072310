"""The codemod, through libcst's own command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from cli_support import LOWERED_LINE, MARKED, PLAIN, REFUSED, environment, write


def _codemod(tmp_path: Path) -> subprocess.CompletedProcess[str]:
    command = ["codemod", "-x", "lwtsyntax.codemod.LowerLwt", "--no-format", "-j", "1", "src"]
    return subprocess.run(
        [sys.executable, "-m", "libcst.tool", *command],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_marked_files_are_lowered_in_place_and_others_skipped(tmp_path: Path) -> None:
    marked = write(tmp_path / "src/a.py", MARKED)
    plain = write(tmp_path / "src/b.py", PLAIN)
    done = _codemod(tmp_path)
    assert done.returncode == 0
    assert LOWERED_LINE in marked.read_bytes()
    assert plain.read_text() == PLAIN
    assert "no lwt markers" in done.stderr


def test_a_refused_file_is_left_and_reported_with_its_diagnostics(tmp_path: Path) -> None:
    refused = write(tmp_path / "src/a.py", REFUSED)
    done = _codemod(tmp_path)
    assert done.returncode == 1
    assert refused.read_text() == REFUSED
    assert ":5:12: LWT010 " in done.stderr
