"""Editors that talk to a server of their own over stdio; tests that are coroutines.

pytest-lsp gives the client.  Its plugin, and pytest-asyncio, which that needs, stay off (`pyproject.toml`): the latter
wants a say in every test of the suite.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator

import pytest

from .editor import CONFIG, Editor, initialization


@pytest.fixture(scope="module", autouse=True)
def runner() -> Iterator[asyncio.Runner]:
    """The event loop of all tests of a file."""
    with asyncio.Runner() as found:
        yield found


@pytest.fixture(scope="module")
def editor(runner: asyncio.Runner) -> Iterator[Editor]:
    """One for all tests of a file, whose server has been initialized."""

    async def start() -> Editor:
        client = await CONFIG.start()
        assert isinstance(client, Editor)
        result = await client.initialize_session(initialization())
        client.capabilities_of_server = result.capabilities
        return client

    async def stop() -> None:
        await found.shutdown_session()
        await found.stop()

    found = runner.run(start())
    yield found
    runner.run(stop())


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = inspect.signature(pyfuncitem.obj).parameters
    arguments = {name: pyfuncitem.funcargs[name] for name in wanted}
    runner = pyfuncitem.funcargs["runner"]
    assert isinstance(runner, asyncio.Runner)
    runner.run(asyncio.wait_for(pyfuncitem.obj(**arguments), 120))
    return True
