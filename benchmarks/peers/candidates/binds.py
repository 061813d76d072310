"""Bind chains: the programs in direct style, lowered by the import hook."""

from lwtsyntax import install

with install(packages=[f"{__package__}.direct"]):
    from .direct import basic, park, recurse, row, tail

__all__ = ["basic", "park", "recurse", "row", "tail"]
