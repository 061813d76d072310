"""Bind chains on the compiled runtime."""

from types import FunctionType

from lwtsyntax import runtime as Lwt

if isinstance(Lwt.bind, FunctionType):
    raise ImportError("its runtime is not compiled here")

from .binds import basic, echo, park, polled, recurse, row, tail

__all__ = ["basic", "echo", "park", "polled", "recurse", "row", "tail"]
