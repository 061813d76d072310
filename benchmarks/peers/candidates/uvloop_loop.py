"""Coroutines under asyncio with uvloop."""

import uvloop

from . import asyncio_loop
from .asyncio_loop import basic, park, recurse, row, tail

__all__ = ["basic", "park", "recurse", "row", "tail"]

asyncio_loop.run = uvloop.run
