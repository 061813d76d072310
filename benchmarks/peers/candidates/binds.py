"""Bind chains: the programs in direct style, lowered by the import hook."""

from lwtsyntax import install

with install(packages=[f"{__package__}.direct"]):
    from .direct import basic, echo, park, polled, recurse, row, tail

__all__ = ["basic", "echo", "park", "polled", "recurse", "row", "tail"]
