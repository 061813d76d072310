"""The effects of a test program: what ``from effects import get, log`` gives it in each mode.

The same program runs with ``lwt`` as identity, as a coroutine, and transformed.  What differs is
what :func:`get` returns: a value, a coroutine, a resolved or a pending promise.  Every effect
appends to one event log, which is what the modes are compared by.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from random import Random
from types import ModuleType
from typing import Any

__all__ = ["Box", "Effects", "coroutines", "identity", "mixed", "pending", "resolved"]

ADDRESS = re.compile("0x[0-9a-f]+")
UNBOUND = re.compile(r"""(?:UnboundLocalError|NameError)\("[^"]*'(\w+)'[^"]*"\)""")
Make = Callable[[Callable[[], Any]], Any]


class Effects:
    """An event log, and the functions that programs import from ``effects``."""

    def __init__(
        self, make: Make, stream: Callable[[Iterable[Any]], Any], gate: Any, close: str = "aclose"
    ) -> None:
        self.events: list[str] = []
        self._close = close
        self._make = make
        self._stream = stream
        self._gate = gate

    def log(self, *parts: object) -> None:
        """Append to the event log what ``print`` would write, without addresses.

        Which member of the NameError family an unbound variable raises is a documented limit.
        """
        text = ADDRESS.sub("0x...", " ".join(map(str, parts)))
        self.events.append(UNBOUND.sub(r"NameError(\1)", text))

    def get(self, value: Any = None) -> Any:
        """A promise of *value*; says ``get value`` at once."""
        self.log("get", repr(value))
        return self._make(lambda: value)

    def fail(self, error: BaseException) -> Any:
        """A promise rejected with *error*; says ``fail error`` at once."""
        self.log("fail", repr(error))

        def raises() -> Any:
            raise error

        return self._make(raises)

    def say(self, value: Any) -> Any:
        """*value* itself; says ``say value``."""
        self.log("say", repr(value))
        return value

    def stream(self, *values: Any) -> Any:
        """Something that ``for_lwt`` waits for item by item; a list where nothing waits."""
        return self._stream(values)

    def close(self, stream: Any) -> Any:
        """What to wait for so that *stream*, made by a program's ``@lwt_stream``, ends."""
        return getattr(stream, self._close)()

    def gate(self, name: str) -> Any:
        """A promise (``.promise``) that the program resolves itself (``.open(value)``)."""
        if self._gate is None:
            raise NotImplementedError("gate() needs promises: say `# flags: modes=transformed`")
        return self._gate(self, name)

    def box(self, name: str, **attributes: Any) -> Box:
        """An object that says each attribute and item read, written and deleted."""
        return Box(self.log, name, attributes)

    def module(self) -> ModuleType:
        """What a program gets for ``import effects``."""
        module = ModuleType("effects")
        names = ("log", "get", "fail", "say", "stream", "close", "gate", "box")
        vars(module).update({name: getattr(self, name) for name in names})
        return module


class Box:
    """An object that logs what is done to it."""

    def __init__(self, log: Callable[..., None], name: str, attributes: dict[str, Any]) -> None:
        vars(self).update(_log=log, _name=name, _items=dict(attributes))

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        self._log(f"{self._name}.{attribute}")
        return self._items[attribute]

    def __setattr__(self, attribute: str, value: Any) -> None:
        self._log(f"{self._name}.{attribute} = {value!r}")
        self._items[attribute] = value

    def __delattr__(self, attribute: str) -> None:
        self._log(f"del {self._name}.{attribute}")
        del self._items[attribute]

    def __getitem__(self, key: Any) -> Any:
        self._log(f"{self._name}[{key!r}]")
        return self._items[key]

    def __setitem__(self, key: Any, value: Any) -> None:
        self._log(f"{self._name}[{key!r}] = {value!r}")
        self._items[key] = value

    def __delitem__(self, key: Any) -> None:
        self._log(f"del {self._name}[{key!r}]")
        del self._items[key]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        words = [*map(repr, args), *(f"{key}={value!r}" for key, value in kwargs.items())]
        self._log(f"{self._name}({', '.join(words)})")
        return args[0] if args else None

    def __repr__(self) -> str:
        return f"Box({self._name})"


def identity() -> Effects:
    """``lwt`` as identity: a promise is its value."""
    return Effects(lambda compute: compute(), list, None, "close")


def coroutines() -> Effects:
    """Under asyncio: a promise is a coroutine that gives way once."""

    def make(compute: Callable[[], Any]) -> Coroutine[Any, Any, Any]:
        async def later() -> Any:
            await asyncio.sleep(0)
            return compute()

        return later()

    return Effects(make, _paused_items, None)


def promises(pauses: Callable[[], int]) -> Effects:
    """Transformed: *pauses* says of each promise how often it is pending before it is resolved."""
    from lwtsyntax import runtime as Lwt

    class Gate:
        def __init__(self, effects: Effects, name: str) -> None:
            pair: tuple[Lwt.Promise[Any], Lwt.Resolver[Any]] = Lwt.wait()
            self.promise, self._resolver = pair
            self._effects, self._name = effects, name

        def open(self, value: Any = None) -> None:
            self._effects.log("open", self._name)
            Lwt.wakeup(self._resolver, value)

        def reject(self, error: BaseException) -> None:
            self._effects.log("reject", self._name)
            Lwt.wakeup_exn(self._resolver, error)

    def settled(compute: Callable[[], Any]) -> Any:
        try:
            return Lwt.return_(compute())
        except BaseException as error:  # noqa: BLE001  (it becomes the rejection)
            return Lwt.fail(error)

    def make(compute: Callable[[], Any]) -> Any:
        promise = settled(compute) if not (count := pauses()) else Lwt.pause()
        for left in reversed(range(count)):
            after = (lambda _: settled(compute)) if left == 0 else (lambda _: Lwt.pause())
            promise = Lwt.bind(promise, after)
        return promise

    async def items(values: Iterable[Any]) -> AsyncIterator[Any]:
        for value in values:
            for _ in range(pauses()):
                await Lwt.pause()
            yield value

    return Effects(make, items, Gate)


def resolved() -> Effects:
    """Every promise is resolved from the start."""
    return promises(lambda: 0)


def pending() -> Effects:
    """Every promise is pending at first."""
    return promises(lambda: 1)


def mixed(seed: int) -> Effects:
    """Each promise is resolved, or pending once or twice, as *seed* has it."""
    random = Random(seed)
    return promises(lambda: random.choice((0, 0, 1, 1, 2)))


async def _paused_items(values: Iterable[Any]) -> AsyncIterator[Any]:
    for value in values:
        await asyncio.sleep(0)
        yield value
