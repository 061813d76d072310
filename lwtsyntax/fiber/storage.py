"""Variables of one fiber (`Lwt_direct.Storage`): empty when it starts, kept while it waits."""

from __future__ import annotations

from typing import Generic, TypeVar, final

from lwtsyntax.fiber.fibers import current

__all__ = ["Key", "get", "new_key", "remove", "set"]

T = TypeVar("T")


@final
class Key(Generic[T]):
    """Names one variable; each fiber has its own value, or none."""

    __slots__ = ()


def new_key() -> Key[T]:  # pyright: ignore[reportInvalidTypeVarUse]
    """A key that no fiber has a value for."""
    return Key()


def get(key: Key[T]) -> T | None:
    """The value of this fiber; None when it has none."""
    storage = current("Storage").storage
    return None if storage is None else storage.get(key)


def set(key: Key[T], value: T) -> None:
    """Give this fiber a value for `key`."""
    fiber = current("Storage")
    if fiber.storage is None:
        fiber.storage = {}
    fiber.storage[key] = value


def remove(key: Key[T]) -> None:
    """Take this fiber's value for `key` away, if it has one."""
    storage = current("Storage").storage
    if storage is not None:
        storage.pop(key, None)
