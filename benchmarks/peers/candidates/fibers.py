"""Fibers: the programs in direct style as they stand, their waits being switches of greenlets."""

from lwtsyntax import install

with install(packages=[f"{__package__}.direct"], engine="fiber"):
    from .direct import basic, park, recurse, row

__all__ = ["basic", "park", "recurse", "row"]
