"""Fibers: threads with stacks of their own, on greenlet (`pip install 'lwtsyntax[fiber]'`).

`start(fn)` runs a function on a fiber and gives a promise; there `await_(promise)` waits, at any depth of calls.
Names and meaning are those of OCaml's Lwt_direct.  ``docs/fibers.md`` is the user's page.

===========  ===============================================================================
fibers       start and await_: a fiber's promise is the waiter of what it waits for
direct       spawn and yield_
storage      variables of one fiber
forms        what the markers are on fibers, for sources that run untransformed
managers     `with with_lwt(m)` among them
greenlets    where greenlet is imported, and what is said when it is missing
===========  ===============================================================================
"""

from lwtsyntax.fiber import storage
from lwtsyntax.fiber.direct import spawn, spawn_in_the_background, yield_
from lwtsyntax.fiber.fibers import NotInFiber, await_, in_fiber, start

__all__ = [
    "NotInFiber",
    "await_",
    "in_fiber",
    "spawn",
    "spawn_in_the_background",
    "start",
    "storage",
    "yield_",
]
