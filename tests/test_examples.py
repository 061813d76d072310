"""Every example: runs from the command line, and lowers to its golden in ``examples/transformed``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import black
import pytest

from lwtsyntax.pipeline import transform

EXAMPLES = Path(__file__).parent.parent / "examples"
GOLDENS = EXAMPLES / "transformed"

# example -> the sizes it runs at here (none: its own), and what it then prints
RUNS = {
    "basic.py": (
        "20 5",
        "basic quick: 100 waits\nbasic medium: 100 waits\nbasic slow: 100 waits\n",
    ),
    "recurse.py": (
        "2000",
        "".join(
            f"recurse {kind}: the numbers up to 2000 add up to 2001000\n"
            for kind in ("quick", "medium", "slow")
        ),
    ),
    "echo_server.py": ("", "1000 connections at once, 100000 lines sent back\nnone lost\n"),
    "fetch_files.py": (
        "",
        "good: 38\ndamaged: /file-0\nmissing: /file-39\nat most 8 at once\n",
    ),
    "kitchen.lwt": (
        "",
        """\
served: baked bread with chopped parsley
burnt: soufflé
served: baked pie with chopped parsley
too late: baked cake with chopped parsley
2 plates
""",
    ),
}
ALL = sorted(path.name for path in EXAMPLES.glob("*.*") if path.suffix in (".py", ".lwt"))


def _written(name: str) -> str:
    return f"{Path(name).stem}.py"


def test_every_example_is_run() -> None:
    assert sorted(RUNS) == ALL
    assert sorted(path.name for path in GOLDENS.glob("*.py")) == sorted(map(_written, ALL))


@pytest.mark.parametrize("name", ALL)
def test_runs(name: str) -> None:
    sizes, expected = RUNS[name]
    command = [sys.executable, "-m", "lwtsyntax", "run", name, *sizes.split()]
    result = subprocess.run(
        command, cwd=EXAMPLES, capture_output=True, text=True, timeout=300, check=False
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout == expected


@pytest.mark.parametrize("name", ALL)
def test_golden(name: str, request: pytest.FixtureRequest) -> None:
    source = (EXAMPLES / name).read_text(encoding="utf-8")
    result = transform(source, name)
    output = result.text
    assert output is not None
    assert result.diagnostics == ()
    golden = GOLDENS / _written(name)
    if request.config.getoption("--update-goldens"):
        golden.write_text(output, encoding="utf-8")
    assert output == golden.read_text(encoding="utf-8"), "run `pytest --update-goldens`"


@pytest.mark.parametrize("name", ALL)
def test_transformed_prints_the_same(name: str) -> None:
    """What people commit runs without the transformer."""
    sizes, expected = RUNS[name]
    if name == "echo_server.py":
        sizes, expected = "30 5", "30 connections at once, 150 lines sent back\nnone lost\n"
    command = [sys.executable, str(GOLDENS / _written(name)), *sizes.split()]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout == expected


@pytest.mark.parametrize("name", ALL)
def test_async_functions_print_the_same(name: str, tmp_path: Path) -> None:
    sizes, expected = RUNS[name]
    if name == "recurse.py":  # a chain of awaits ends at the recursion limit
        sizes, expected = "200", expected.replace("2000 ", "200 ").replace("2001000", "20100")
    text = transform((EXAMPLES / name).read_text(encoding="utf-8"), name, target="async").text
    assert text is not None
    (tmp_path / _written(name)).write_text(text, encoding="utf-8")
    command = [sys.executable, str(tmp_path / _written(name)), *sizes.split()]
    result = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": str(EXAMPLES.parent)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout == expected


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.py")), ids=lambda path: path.stem)
def test_is_formatted(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert black.format_str(text, mode=black.Mode()) == text
