# What Cython makes of loops.py.
cimport cython

from .binding cimport after, pass_rejection, rejected_again, return_
from .completions cimport BREAK, Returned, unit
from .nesting cimport LIMIT, drain, failed, keep_handled, nest, waiter
from .promise cimport (
    FORWARD,
    FULFILLED,
    REJECTED,
    Promise,
    add_waiter,
    check_signals,
    exception,
    follow,
    observe,
    reject_waiter,
    root,
)
from .regions cimport ended, park


@cython.locals(depth=int)
cpdef for_each(xs, body, no_break=*, place=*)

@cython.locals(p=Promise, state=int)
cpdef Promise _rounds(xs, body, no_break, Promise w, place)

cpdef Promise _for_each_step(Promise w, Promise p)

@cython.locals(p=Promise, state=int)
cpdef Promise _while(cond, body, no_break, bint held, Promise w, place)

cpdef Promise _cond_step(Promise w, Promise p)
cpdef Promise _while_step(Promise w, Promise p)
