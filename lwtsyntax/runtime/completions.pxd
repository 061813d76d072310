# What Cython makes of completions.py.
cimport cython

from .promise cimport Promise, fulfilled

cdef object BREAK, CONTINUE
cdef Promise unit, BREAK_PROMISE, CONTINUE_PROMISE


@cython.final
cdef class Abrupt:
    cdef public str name


@cython.final
cdef class Returned:
    cdef public object value


cpdef bint is_abrupt(value)
