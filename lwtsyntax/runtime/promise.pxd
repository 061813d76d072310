# What Cython makes of promise.py: see "The compiled core" in ARCHITECTURE.md.
cimport cython

cdef extern from *:
    """
    /* sys.exception() */
    static CYTHON_INLINE PyObject *lwt_exception(void) {
        PyObject *handled = PyErr_GetHandledException();
        if (handled == NULL) Py_RETURN_NONE;
        return handled;
    }
    """
    object exception "lwt_exception" ()
    int check_signals "PyErr_CheckSignals" () except -1

cdef int PENDING, FULFILLED, REJECTED, FORWARD
cdef str TASK
cdef tuple FATAL
cdef list fatal


@cython.final
@cython.trashcan(True)
@cython.freelist(256)
cdef class Promise:
    cdef object __weakref__
    cdef public int _state
    cdef public object _value
    cdef public object _callbacks
    cdef public object _waits_on
    cdef public object _step
    cdef public object _k
    cdef public object _place


@cython.final
cdef class Unobserved:
    cdef public object error
    cdef public object trace


@cython.locals(q=Promise)
cpdef Promise root(Promise p)

@cython.locals(p=Promise)
cpdef Promise fulfilled(value)

@cython.locals(p=Promise)
cpdef Promise rejected(error, place=*)

@cython.locals(p=Promise)
cpdef Promise pending(waits_on=*)

cpdef add_waiter(Promise p, Promise waiter)
cpdef Promise fulfil_waiter(Promise w, value)
cpdef Promise reject_waiter(Promise w, error, place=*)
cpdef Promise rejection(Promise w)

@cython.locals(state=int)
cpdef Promise follow(Promise w, Promise q)

cpdef forward(Promise q, Promise r)
cpdef observe(Promise p)
cpdef delivered(Promise p)
