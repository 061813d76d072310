"""The runtime of lowered code: promises after OCaml's Lwt.  `from lwtsyntax import runtime as Lwt`.

This file only lists the names and the files they live in.
"""

import builtins
import os
from typing import Any

from . import _core as _core  # before all others: it says where they come from
from .adapting import implicit_wait, promise
from .binding import bind, catch, fail, map, passing, return_, try_bind
from .cancellation import Canceled, cancel
from .combining import all, both, join
from .completions import (
    BREAK,
    BREAK_PROMISE,
    CONTINUE,
    CONTINUE_PROMISE,
    Completion,
    Returned,
    unit,
)
from .debugging import debug
from .dumping import dump
from .groups import try_star
from .inspecting import is_sleeping, poll, state
from .loops import for_each, while_
from .managers import using, using_lwt
from .nesting import call, failed
from .promise import Promise
from .regions import finalize, returning, sequence, then, try_
from .reporting import async_exception_hook, set_async_exception_hook
from .resolving import (
    Resolver,
    async_,
    dont_wait,
    on_any,
    on_failure,
    on_success,
    on_termination,
    task,
    wait,
    wakeup,
    wakeup_exn,
    wakeup_later,
    wakeup_later_exn,
)
from .running import run
from .scheduler import pause, set_loop_factory, sleep
from .streams import Stream

AnyError = BaseException  # under a name that a user's own BaseException cannot hide

__all__ = [
    "BREAK",
    "BREAK_PROMISE",
    "CONTINUE",
    "CONTINUE_PROMISE",
    "Any",
    "AnyError",
    "Canceled",
    "Completion",
    "Promise",
    "Resolver",
    "Returned",
    "Stream",
    "all",
    "async_",
    "async_exception_hook",
    "bind",
    "both",
    "builtins",
    "call",
    "cancel",
    "catch",
    "debug",
    "dont_wait",
    "dump",
    "fail",
    "failed",
    "finalize",
    "for_each",
    "implicit_wait",
    "is_sleeping",
    "join",
    "map",
    "on_any",
    "on_failure",
    "on_success",
    "on_termination",
    "passing",
    "pause",
    "poll",
    "promise",
    "return_",
    "returning",
    "run",
    "sequence",
    "set_async_exception_hook",
    "set_loop_factory",
    "sleep",
    "state",
    "task",
    "then",
    "try_",
    "try_bind",
    "try_star",
    "unit",
    "using",
    "using_lwt",
    "wait",
    "wakeup",
    "wakeup_exn",
    "wakeup_later",
    "wakeup_later_exn",
    "while_",
]

if os.environ.get("LWTSYNTAX_DEBUG", "0") not in ("", "0"):
    debug()
