"""Direct-style Python in, explicit bind chains out: Lwt's syntax extension for Python.

The public names load on first use (PEP 562), so that a program which only imports the runtime pays
for nothing else: ``from lwtsyntax import runtime as Lwt`` reads the standard library alone.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lwtsyntax.diagnostics import Diagnostic
    from lwtsyntax.importhook.errors import TransformError, TransformWarning
    from lwtsyntax.importhook.installing import ImportHook, install
    from lwtsyntax.markers import (
        exception,
        for_lwt,
        lwt,
        lwt_stream,
        match_lwt,
        while_lwt,
        with_lwt,
    )
    from lwtsyntax.pipeline import transform
    from lwtsyntax.results import TransformResult
    from lwtsyntax.spellings import to_keywords, to_markers

__all__ = [
    "Diagnostic",
    "ImportHook",
    "TransformError",
    "TransformResult",
    "TransformWarning",
    "__version__",
    "exception",
    "for_lwt",
    "install",
    "lwt",
    "lwt_stream",
    "match_lwt",
    "to_keywords",
    "to_markers",
    "transform",
    "while_lwt",
    "with_lwt",
]

__version__ = "0.1.0"

# public name -> the module that defines it
_HOMES = {
    "Diagnostic": "lwtsyntax.diagnostics",
    "ImportHook": "lwtsyntax.importhook.installing",
    "TransformError": "lwtsyntax.importhook.errors",
    "TransformResult": "lwtsyntax.results",
    "TransformWarning": "lwtsyntax.importhook.errors",
    "exception": "lwtsyntax.markers",
    "for_lwt": "lwtsyntax.markers",
    "install": "lwtsyntax.importhook.installing",
    "lwt": "lwtsyntax.markers",
    "lwt_stream": "lwtsyntax.markers",
    "match_lwt": "lwtsyntax.markers",
    "to_keywords": "lwtsyntax.spellings",
    "to_markers": "lwtsyntax.spellings",
    "transform": "lwtsyntax.pipeline",
    "while_lwt": "lwtsyntax.markers",
    "with_lwt": "lwtsyntax.markers",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
