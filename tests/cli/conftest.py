"""What the tests of the command line share: two ways to run a command."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_support import environment
from click.testing import CliRunner, Result
from lwtsyntax_cli.main import main

Subprocess = Callable[..., "subprocess.CompletedProcess[bytes]"]
Invoke = Callable[..., Result]


@pytest.fixture(autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command line keeps what it finds out: nowhere else, and anew for each test."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("LWTSYNTAX_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def invoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Run a command in this process, in a fresh directory."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object, stdin: bytes | None = None) -> Result:
        result = CliRunner().invoke(main, [str(each) for each in arguments], input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


@pytest.fixture
def command(tmp_path: Path) -> Subprocess:
    """Run ``python -m lwtsyntax`` as a process of its own, in a fresh directory."""

    def call(*arguments: object, **options: object) -> subprocess.CompletedProcess[bytes]:
        settings: dict[str, object] = {"capture_output": True, "timeout": 120, "check": False}
        settings.update(cwd=tmp_path, env=environment())
        return subprocess.run(  # noqa: PLW1510 (check is in settings)
            [sys.executable, "-m", "lwtsyntax", *map(str, arguments)],
            **{**settings, **options},  # type: ignore[call-overload]
        )

    return call
