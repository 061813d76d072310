"""How a statement region ended: None (normally), BREAK, CONTINUE or Returned(value).

A *region* is a function that gives a completion, or a promise of one.  Anything else it gives counts as
normal; a user's value never is a completion.
"""

from __future__ import annotations

from typing import Any, Final, Generic, TypeAlias, TypeVar, final

from .promise import Promise, fulfilled

T = TypeVar("T")


@final
class Abrupt:
    """The class of BREAK and CONTINUE."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


@final
class Returned(Generic[T]):
    """The region ended with `return value`."""

    __slots__ = ("value",)
    value: T

    def __init__(self, value: T) -> None:
        self.value = value

    def __repr__(self) -> str:
        return f"Returned({self.value!r})"


BREAK: Final = Abrupt("BREAK")
CONTINUE: Final = Abrupt("CONTINUE")

Completion: TypeAlias = Abrupt | Returned[Any] | None

unit: Final[Promise[None]] = fulfilled(None)
BREAK_PROMISE: Final[Promise[Completion]] = fulfilled(BREAK)
CONTINUE_PROMISE: Final[Promise[Completion]] = fulfilled(CONTINUE)


def is_abrupt(value: Any) -> bool:
    """Whether `value` is a completion other than the normal one."""
    return value is not None and (type(value) is Returned or value is BREAK or value is CONTINUE)
