"""Each test leaves the scheduler as it found it: nothing ready, no timer, no loop, nothing put off."""

import gc
from collections.abc import Iterator

import pytest

from lwtsyntax import runtime as Lwt
from lwtsyntax.runtime.nesting import nest
from lwtsyntax.runtime.promise import fatal
from lwtsyntax.runtime.scheduler import ready, scheduler, timers

from .helpers import later


@pytest.fixture(autouse=True)
def _clean_runtime() -> Iterator[None]:
    ready.clear()
    timers.clear()
    yield
    assert nest.depth == 0
    assert not nest.deferred
    assert not nest.todo
    assert not fatal
    assert not scheduler.running
    ready.clear()
    timers.clear()
    gc.collect()


@pytest.fixture(params=["resolved", "pending"])
def give(request):
    """return_ and fail, or promises that resolve later."""

    def give(value=None, error=None):
        if request.param == "pending":
            return later(value, error)
        return Lwt.return_(value) if error is None else Lwt.fail(error)

    give.pending = request.param == "pending"
    return give
