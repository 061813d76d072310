# What Cython makes of scheduler.py.
cimport cython

from .nesting cimport cascade, drain, nest
from .promise cimport (
    FULFILLED,
    PENDING,
    TASK,
    Promise,
    check_signals,
    delivered,
    fatal,
    fulfil_waiter,
    root,
)

cdef object ready, _enqueue, _dequeue
cdef list timers
cdef Scheduler scheduler


@cython.final
cdef class Scheduler:
    cdef public object clock
    cdef public object wait
    cdef public object loop
    cdef public object driver
    cdef public bint idle
    cdef public bint running
    cdef public object sequence
    cdef public object outstanding


@cython.locals(p=Promise)
cpdef Promise pause()

@cython.locals(p=Promise)
cpdef Promise sleep(seconds)

@cython.locals(p=Promise, w=Promise, resolved=Promise, count=Py_ssize_t)
cpdef run_ready(Py_ssize_t most, Promise target=*)

@cython.locals(p=Promise)
cpdef run_due(now)
