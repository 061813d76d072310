"""Bring a thread function into normal form: every wait a statement of its own.

Input: the syntax tree of an ``@lwt def``, with its markers.  Output: a
:class:`~lwtsyntax.ir.direct.Function`.  Order of evaluation is kept by one rule, the spill rule: an
operand that stands before a wait goes to a temporary unless it is a literal or a variable that
nothing can assign in between::

    print(self.name, lwt(fetch(url)))   ->   operand = self.name
                                             value = wait fetch(url)
                                             print(operand, value)
"""

from __future__ import annotations

from lwtsyntax.ir.direct import Function
from lwtsyntax.ir.markers import Markers, ThreadFunction
from lwtsyntax.ir.source import Source
from lwtsyntax.passes.normalise.context import Setting
from lwtsyntax.passes.normalise.functions import normalise_function

__all__ = ["normalise"]


def normalise(function: ThreadFunction, markers: Markers, source: Source, alias: str) -> Function:
    """*function* in normal form; *alias* is the runtime's name in the output."""
    return normalise_function(function, Setting(source, markers, alias))
