"""One construct per file, its equation above the code; this is the list of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lwtsyntax.ir import direct
from lwtsyntax.lowerings._place import Lowering
from lwtsyntax.lowerings.comprehension import lower_collect
from lwtsyntax.lowerings.for_lwt import lower_for
from lwtsyntax.lowerings.if_ import lower_give, lower_if
from lwtsyntax.lowerings.loop_jumps import lower_loop_jump
from lwtsyntax.lowerings.lwt import lower_wait
from lwtsyntax.lowerings.match_lwt import lower_match, lower_next, lower_try_match
from lwtsyntax.lowerings.native import lower_native, lower_pass
from lwtsyntax.lowerings.return_ import lower_return
from lwtsyntax.lowerings.try_lwt import lower_try
from lwtsyntax.lowerings.while_lwt import lower_while
from lwtsyntax.lowerings.with_lwt import lower_with

__all__ = ["LOWERINGS"]

LOWERINGS: Mapping[type[direct.Stmt], Lowering] = MappingProxyType(
    {
        direct.Native: lower_native,
        direct.Pass: lower_pass,
        direct.Wait: lower_wait,
        direct.Return: lower_return,
        direct.Break: lower_loop_jump,
        direct.Continue: lower_loop_jump,
        direct.If: lower_if,
        direct.Give: lower_give,
        direct.For: lower_for,
        direct.While: lower_while,
        direct.Match: lower_match,
        direct.Next: lower_next,
        direct.TryMatch: lower_try_match,
        direct.Collect: lower_collect,
        direct.Try: lower_try,
        direct.With: lower_with,
    }
)
