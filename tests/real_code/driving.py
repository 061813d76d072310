"""What planted modules import as ``lwt_driving``: threads for those who wait, functions for all others.

``driven(thread)`` is an ordinary function that runs the thread to its end.  It may be called anywhere, also
while threads run: by a test, by C code, by a callback.  ``started(f)(x)`` gives a promise of ``f(x)``
whatever f is: a driven function gives its thread, any other its result.

No import from ``__future__`` here: ``compile``, called from here for a module, would heed it.
"""

import functools
from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any

from lwtsyntax import runtime as Lwt
from lwtsyntax.runtime.nesting import nest
from lwtsyntax.runtime.scheduler import ready, scheduler

from .planting import PREFIX

__all__ = ["driven", "given", "set_pauses", "started"]

_pauses: Callable[[], bool] = bool


def set_pauses(pauses: Callable[[], bool]) -> None:
    """*pauses* says of each call that is waited for whether its promise is pending first."""
    global _pauses
    _pauses = pauses


def _template(thread: Any, drive: Any) -> FunctionType:
    def function(*args: Any, **kwargs: Any) -> Any:
        return drive(thread, args, kwargs)

    assert isinstance(function, FunctionType)
    return function


_CODE = _template(None, None).__code__
_THREAD = _CODE.co_freevars.index("thread")


def driven(thread: Any) -> Any:
    """A plain function of *thread*'s module, with its name and signature, that runs the thread."""
    closure = _template(thread, _drive).__closure__
    name = thread.__name__.removeprefix(PREFIX)
    function = FunctionType(_CODE, thread.__globals__, name, None, closure)
    functools.update_wrapper(function, thread)
    function.__name__ = name
    function.__qualname__ = thread.__qualname__.removesuffix(thread.__name__) + name
    if name != thread.__name__:
        thread.__doc__ = None  # or doctest would find it twice
    return function


def _drive(thread: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The value of the thread, run by a scheduler of its own: the threads around it stand still."""
    saved = nest.depth, nest.deferred, nest.todo
    waiting, running = [*ready], scheduler.running
    nest.depth, nest.deferred, nest.todo = 0, [], []
    ready.clear()
    scheduler.running = False
    try:
        result = thread(*args, **kwargs)
        return _value(result) if type(result) is Lwt.Promise else result
    finally:
        nest.depth, nest.deferred, nest.todo = saved
        ready.extend(waiting)
        scheduler.running = running
        scheduler.idle = not running


def _value(promise: Lwt.Promise[Any]) -> Any:
    """As `Lwt.run`, but the context of an exception stays as it is, as when a call lets it through."""
    contexts: list[BaseException | None] = []
    Lwt.on_failure(promise, lambda error: contexts.append(error.__context__))
    try:
        return Lwt.run(promise)
    except BaseException as error:
        if contexts:
            error.__context__ = contexts[0]
        raise


def started(function: Any) -> Callable[..., Any]:
    """What starts *function* as a thread: a function that gives a promise."""
    thread = _thread_of(function)

    def begin(*args: Any, **kwargs: Any) -> Any:
        result = thread(*args, **kwargs)
        return result if type(result) is Lwt.Promise else Lwt.return_(result)

    def promise_of(*args: Any, **kwargs: Any) -> Any:
        if _pauses():
            return Lwt.bind(Lwt.pause(), lambda _: begin(*args, **kwargs))
        return Lwt.call(begin, *args, **kwargs)

    return promise_of


def given(value: Any) -> Any:
    """A promise of *value*."""
    if _pauses():
        return Lwt.map(Lwt.pause(), lambda _: value)
    return Lwt.return_(value)


def _thread_of(function: Any) -> Any:
    if type(function) is FunctionType and function.__code__ is _CODE:
        assert function.__closure__ is not None
        return function.__closure__[_THREAD].cell_contents
    if type(function) is MethodType:
        thread = _thread_of(function.__func__)
        return MethodType(thread, function.__self__)
    return function
