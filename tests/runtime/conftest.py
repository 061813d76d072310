"""Each test leaves the scheduler as it found it: nothing ready, no timer, no loop, nothing put off."""

import gc
from collections.abc import Iterator

import pytest
from lwtsyntax.runtime.nesting import nest
from lwtsyntax.runtime.promise import fatal
from lwtsyntax.runtime.scheduler import ready, scheduler, timers


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
