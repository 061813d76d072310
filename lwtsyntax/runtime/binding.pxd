# What Cython makes of binding.py.
cimport cython

from .completions cimport BREAK, BREAK_PROMISE, CONTINUE_PROMISE, Abrupt, unit
from .nesting cimport LIMIT, drain, failed, keep_handled, link_to, nest, waiter
from .promise cimport (
    FORWARD,
    FULFILLED,
    PENDING,
    REJECTED,
    Promise,
    Unobserved,
    add_waiter,
    exception,
    follow,
    fulfil_waiter,
    fulfilled,
    observe,
    reject_waiter,
    rejected,
    rejection,
    root,
)

cdef Promise _true, _false
cdef list _small


@cython.locals(p=Promise)
cpdef return_(value=*)

@cython.locals(q=Promise)
cpdef Promise rejected_again(Promise p, place=*, k=*)

@cython.locals(q=Promise)
cpdef received(Promise p, place, k)

cpdef add_context(error)
cpdef Promise pass_rejection(Promise w, Promise p, k=*)

@cython.locals(on=Promise, r=Promise, state=int, depth=int)
cpdef bind(p, k, place=*)

@cython.locals(q=Promise)
cpdef Promise _bind_step(Promise w, Promise p)

@cython.locals(on=Promise, r=Promise, state=int, depth=int)
cpdef map(p, f, place=*)

cpdef Promise _map_step(Promise w, Promise p)
cpdef after(Promise p, k, place=*)

@cython.locals(q=Promise)
cpdef Promise _after_step(Promise w, Promise p)
