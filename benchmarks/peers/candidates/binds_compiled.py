"""Bind chains on the compiled runtime."""

from types import FunctionType

from lwtsyntax import runtime as Lwt

if isinstance(Lwt.bind, FunctionType):
    raise ImportError("its runtime is not compiled here")

from .binds import basic, park, recurse, row, tail

__all__ = ["basic", "park", "recurse", "row", "tail"]
