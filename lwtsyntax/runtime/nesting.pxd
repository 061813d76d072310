# What Cython makes of nesting.py.
cimport cython

from .promise cimport (
    FATAL,
    PENDING,
    Promise,
    add_waiter,
    exception,
    follow,
    pending,
    reject_waiter,
    rejected,
)

cdef int LIMIT
cdef Nesting nest


@cython.final
cdef class Nesting:
    cdef public int depth
    cdef public Promise handling
    cdef public list deferred
    cdef public list todo


@cython.locals(waiting=list, waiters=list, resolved=Promise, w=Promise, q=Promise)
cpdef cascade(Promise p)

cpdef keep_handled(Promise w, error)

@cython.locals(resolved=Promise)
cpdef Promise _handling_step(Promise w, Promise p)

cpdef link_to(error)

@cython.locals(deferred=list, todo=list, depth=int, w=Promise, p=Promise)
cpdef drain()

@cython.locals(depth=int)
cpdef run_callbacks(Promise p)

cpdef run_callbacks_later(Promise p)
cpdef failed(error, place=*)

@cython.locals(w=Promise)
cpdef Promise waiter(step, k, Promise p, place=*)
