# What Cython makes of regions.py.
cimport cython

from .binding cimport after, pass_rejection, received, rejected_again, return_
from .completions cimport Returned, is_abrupt, unit
from .nesting cimport LIMIT, drain, failed, keep_handled, nest, waiter
from .promise cimport (
    FORWARD,
    FULFILLED,
    PENDING,
    REJECTED,
    Promise,
    add_waiter,
    delivered,
    exception,
    follow,
    observe,
    reject_waiter,
    rejected,
    root,
)


cpdef Promise ended(result)
cpdef Promise _ended(result)

@cython.locals(p=Promise, state=int, depth=int)
cpdef then(region_result, k, place=*)

cpdef Promise _then_step(Promise w, Promise p)

@cython.locals(p=Promise, state=int, depth=int)
cpdef returning(region_result, k=*, place=*)

cpdef _returned(completion, k)
cpdef Promise _returning_step(Promise w, Promise p)

@cython.locals(p=Promise, state=int)
cpdef Promise _steps(regions, Promise w, place)

@cython.locals(q=Promise)
cpdef Promise _steps_step(Promise w, Promise p)

cpdef Promise park(Promise w, step, Promise p)
cpdef Promise _tried(Promise p, body, on_error, no_error, place)
cpdef Promise settled(Promise p, place, region)
cpdef Promise _clean(Promise p, body, cleanup, place)
