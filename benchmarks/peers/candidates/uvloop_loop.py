"""Coroutines under asyncio with uvloop."""

import uvloop

from . import asyncio_loop
from .asyncio_loop import basic, echo, park, polled, recurse, row, tail

__all__ = ["basic", "echo", "park", "polled", "recurse", "row", "tail"]

asyncio_loop.run = uvloop.run
