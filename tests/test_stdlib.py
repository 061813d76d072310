"""What is not marked is not touched: the standard library goes through byte for byte.

It runs in a process of its own, which shows too that a file without markers costs no libcst.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys, sysconfig
from pathlib import Path
from lwtsyntax.pipeline import transform_bytes

root = Path(sysconfig.get_path("stdlib"))
count = 0
for path in sorted(root.rglob("*.py")):
    if "site-packages" in path.parts:
        continue
    data = path.read_bytes()
    output, result = transform_bytes(data, str(path))
    count += 1
    if output != data or result.changed or result.diagnostics:
        print("changed:", path, result.diagnostics)
print("heavy:", sorted({"libcst", "black"} & set(sys.modules)))
print("files:", count)
"""


@pytest.mark.slow
def test_standard_library_is_unchanged() -> None:
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    *changed, heavy, files = result.stdout.splitlines()
    assert changed == []
    assert heavy == "heavy: []"
    assert int(files.removeprefix("files: ")) > 500
