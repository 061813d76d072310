"""``lwtsyntax lsp``: the language server as a command; what it answers is tested in tests/lsp."""

from __future__ import annotations

import sys

import pytest
from click.testing import CliRunner
from lwtsyntax_cli.main import main


def test_without_pygls_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygls", None)
    result = CliRunner().invoke(main, ["lsp", "--stdio"])
    assert result.exit_code == 1
    assert "pip install 'lwtsyntax[lsp]'" in result.stderr


def test_the_flags_that_clients_append_are_accepted() -> None:
    result = CliRunner().invoke(main, ["lsp", "--stdio", "--clientProcessId=1", "--help"])
    assert result.exit_code == 0
    assert "--clientProcessId" not in result.stdout
