"""Bind chains on the runtime in plain Python (``LWTSYNTAX_PURE_PYTHON`` is set for it)."""

from .binds import basic, echo, park, polled, recurse, row, tail

__all__ = ["basic", "echo", "park", "polled", "recurse", "row", "tail"]
