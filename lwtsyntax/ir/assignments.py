"""What a variable evidently is: the value of the one assignment that binds it."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from lwtsyntax.ir.scopes import Scope

__all__ = ["rebound_elsewhere", "sole_value"]


def sole_value(owner: Scope, name: str) -> ast.expr | None:
    """What is assigned to *name* in *owner*, when one plain assignment is all that binds it there."""
    if owner.binders[name] != 1 or name in owner.parameters:
        return None
    return owner.assigned.get(name)


def rebound_elsewhere(scopes: Iterable[Scope]) -> set[str]:
    """The names that some function assigns in a scope around it."""
    return {n for scope in scopes for n in scope.globals | scope.nonlocals if n in scope.binders}
