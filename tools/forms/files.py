"""Every file that lists the forms, and what has to stand in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from tools.forms import editing, tables, textmate, vim
from tools.forms.regions import replace_regions

__all__ = ["ROOT", "generated"]

ROOT = Path(__file__).resolve().parents[2]

_EXTENSION = "vscode-extension"

# whole files of JSON
_JSON = {
    f"{_EXTENSION}/syntaxes/lwt.tmLanguage.json": textmate.keyword_grammar,
    f"{_EXTENSION}/syntaxes/markers.tmLanguage.json": textmate.marker_grammar,
    f"{_EXTENSION}/language-configuration.json": editing.language_configuration,
}

# parts of files that are written by hand otherwise
_REGIONS: dict[str, Mapping[str, str]] = {
    "README.md": tables.FORM_TABLE,
    "docs/keyword-spelling.md": tables.KEYWORD_TABLE,
    "contrib/vim/syntax/lwt.vim": vim.SYNTAX,
    "contrib/vim/after/syntax/python/lwtsyntax.vim": vim.MARKER_SYNTAX,
    "contrib/vim/indent/lwt.vim": vim.INDENT,
    "contrib/vim/ftplugin/lwt.vim": vim.FTPLUGIN,
}


def generated() -> dict[Path, str]:
    """The text of each file, by its path."""
    found = {}
    for name, make in _JSON.items():
        found[ROOT / name] = json.dumps(make(), indent=2, ensure_ascii=False) + "\n"
    for name, regions in _REGIONS.items():
        path = ROOT / name
        found[path] = replace_regions(path.read_text(encoding="utf-8"), regions)
    return found
