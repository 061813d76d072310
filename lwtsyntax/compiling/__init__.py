"""Compile lowered code so that it speaks of the source: its positions and its names are those the user wrote.

The output is parsed, and its syntax tree goes through these steps, one per file:

1. ``origins``: where each node came from;
2. ``relocation``: every node moves there;
3. ``lambdas``, ``flow``, ``onward``: what control flow alone needs gets a place;
4. ``places``: every call of the runtime gets its wait place as an argument, for tracebacks;
5. ``naming``: code objects get the names that their functions have in the source;
6. ``hoisting``: what does not depend on a loop's round is made before the loop.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from types import CodeType

from lwtsyntax.compiling.flow import direct_flow
from lwtsyntax.compiling.hoisting import hoist
from lwtsyntax.compiling.lambdas import define_lambdas
from lwtsyntax.compiling.naming import Renaming, mark_names
from lwtsyntax.compiling.onward import lead_onward
from lwtsyntax.compiling.origins import Origins
from lwtsyntax.compiling.parts import Structure
from lwtsyntax.compiling.places import add_places, compiled_places
from lwtsyntax.compiling.relocation import relocate
from lwtsyntax.pipeline import TransformResult

__all__ = ["compile_result"]


def compile_result(
    result: TransformResult,
    filename: str,
    *,
    rewrite: Callable[[ast.Module], object] | None = None,
) -> CodeType:
    """The code object of a source that was not refused, as ``compile(source, filename, "exec")`` gives it.

    Every instruction bears the position of the source text that it came from, exact to the column where
    the output was not laid out (``transform(source, format=False)``).  *rewrite* may change the tree of a
    source that changed: its nodes stand where they stand in the source by then.
    """
    assert result.text is not None
    if not result.changed or result.positions is None:
        return compile(result.text, filename, "exec", dont_inherit=True)
    if result.tree is not None:  # on fibers the source runs as it stands
        if rewrite is not None:
            rewrite(result.tree)
        return compile(result.tree, filename, "exec", dont_inherit=True)
    tree = ast.parse(result.text, filename)
    lowered = relocate(tree, Origins(result.positions))
    define_lambdas(lowered)
    direct_flow(lowered)
    structure = Structure(lowered)
    lead_onward(structure)
    places = compiled_places(add_places(structure), filename)
    first_lines = mark_names(lowered)
    hoist(tree, structure)
    if rewrite is not None:
        rewrite(tree)
    code = compile(tree, filename, "exec", dont_inherit=True)
    return Renaming(first_lines, places).module(code)
