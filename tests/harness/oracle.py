"""The derived oracle: one program, run seven ways, with one result and one event log.

1. ``identity``: ``lwt(e)`` is ``e``.
2. ``asyncio``: ``lwt(e)`` is ``await e``, a thread function is a coroutine function.
3. ``async``: transformed to ``async``/``await``, under asyncio; and with promises, under ``Lwt.run``.
4. ``resolved``, 5. ``pending``, 6. ``mixed``: transformed to bind chains, by what its promises are at first.
7. ``fiber``: untransformed, its markers on fibers, whatever its promises are at first.

The first two need no transformer, so they say what is right; the others must agree.  A program
calls what it does through :mod:`harness.effects`, and has a function ``main``.
"""

from __future__ import annotations

import ast
import asyncio
import re
import sys
import warnings
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

from harness import effects
from harness.coroutines import HELPERS
from harness.direct import direct_style
from lwtsyntax.compiling import compile_result
from lwtsyntax.diagnostics import render_text
from lwtsyntax.pipeline import TransformResult, transform

__all__ = [
    "ASYNC",
    "DIRECT",
    "FIBER",
    "SEEDS",
    "TRANSFORMED",
    "Outcome",
    "Refused",
    "asynchronous",
    "finished_at_once",
    "lowered",
    "observe",
    "ways",
]

SEEDS = range(5)
DIRECT = ("identity", "asyncio")
TRANSFORMED = (
    "resolved",
    "pending",
    *(f"mixed {seed}" for seed in SEEDS),
    "pending unoptimised",
    "resolved unoptimised",
    "pending unformatted",
    "pending compiled",
)
ASYNC = ("async", "async resolved", "async pending")
FIBER = ("fiber resolved", "fiber pending", *(f"fiber mixed {seed}" for seed in SEEDS))
MODES = {
    "asyncio": ("asyncio", "async"),
    "transformed": (*TRANSFORMED, "async resolved", "async pending", *FIBER),
}


@dataclass(frozen=True)
class Outcome:
    """What a run did and what it gave."""

    events: tuple[str, ...]
    result: str

    def lines(self) -> list[str]:
        return [*self.events, self.result]


class Refused(AssertionError):
    """The transformer refused a program; the message holds the diagnostics."""


@lru_cache(maxsize=8)
def lowered(source: str, filename: str, *, format: bool = True, optimise: bool = True) -> str:
    """The transformer's output for *source*; raises :class:`Refused`."""
    return _accepted(transform(source, filename, format=format, optimise=optimise))


@lru_cache(maxsize=8)
def asynchronous(source: str, filename: str) -> str:
    """The same with ``async`` functions as the output."""
    return _accepted(transform(source, filename, target="async"))


@lru_cache(maxsize=8)
def on_fibers(source: str, filename: str) -> CodeType:
    """*source* with its markers on fibers."""
    result = transform(source, filename, target="fibers")
    _accepted(result)
    return compile_result(result, filename)


def _accepted(result: TransformResult) -> str:
    if result.text is None:
        raise Refused("\n".join(render_text(each) for each in result.diagnostics))
    return result.text


def observe(source: str, way: str, filename: str = "program.py") -> Outcome:
    """Run *source* the given *way*."""
    if way == "identity":
        return _run(effects.identity(), direct_style(source, asynchronous=False), _call)
    if way == "asyncio":
        return _run(effects.coroutines(), direct_style(source, asynchronous=True), _asyncio_run)
    if way in ASYNC:
        return _observe_async(source, way, filename)
    if way in FIBER:
        return _run(_made(*way.split()[1:]), on_fibers(source, filename), _run_thread)
    mode, *options = way.split()
    optimise, formatted = "unoptimised" not in options, "unformatted" not in options
    text: str | CodeType = lowered(source, filename, format=formatted, optimise=optimise)
    if "compiled" in options:
        text = compile_result(transform(source, filename, format=False), filename)
    return _run(_made(mode, *options), text, _run_thread)


def _made(mode: str, *options: str) -> effects.Effects:
    """The effects of a way: behind a mixed one stands its seed."""
    if mode == "mixed":
        return effects.mixed(int(options[0]))
    made: effects.Effects = getattr(effects, mode)()
    return made


def _observe_async(source: str, way: str, filename: str) -> Outcome:
    """As ``async`` functions: on coroutines under asyncio, or on promises in the runtime's main loop."""
    text = asynchronous(source, filename)
    if way == "async":
        return _run(effects.coroutines(), text, _asyncio_run)
    made = effects.resolved() if way == "async resolved" else effects.pending()
    return _run(made, text, _run_thread)


def finished_at_once(source: str) -> bool:
    """Whether main's promise is resolved when the call returns, given that all it waits for is."""
    outcome = _run(effects.resolved(), lowered(source, "program.py"), _is_resolved)
    return outcome.result == "main gives True"


def ways(modes: Iterable[str] = ("identity", "asyncio", "transformed")) -> list[str]:
    """The ways that *modes* names; "transformed" stands for all of them, "asyncio" for two."""
    return [way for mode in modes for way in MODES.get(mode, (mode,))]


def _run(made: effects.Effects, program: Any, call: Callable[[Any], Any]) -> Outcome:
    namespace: dict[str, Any] = {"__name__": "program"}
    if isinstance(program, ast.AST):
        namespace |= HELPERS
    sys.modules["effects"] = made.module()
    with warnings.catch_warnings():
        # an operand of lwt(a, b) that was not waited for since the next one raised
        warnings.filterwarnings("ignore", message="coroutine .* was never awaited")
        warnings.simplefilter("ignore", SyntaxWarning)
        return _run_module(made, program, call, namespace)


def _run_module(
    made: effects.Effects, program: Any, call: Callable[[Any], Any], namespace: dict[str, Any]
) -> Outcome:
    try:
        code = program if isinstance(program, CodeType) else _compiled(program)
        exec(code, namespace)  # noqa: S102  (the program under test)
        try:
            result = f"main gives {_described(call(namespace['main']))}"
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001  (it is the result)
            result = f"main raises {_error(error)}"
    finally:
        del sys.modules["effects"]
    return Outcome(tuple(made.events), result)


@lru_cache(maxsize=4)
def _compiled(program: str | ast.Module) -> CodeType:
    return compile(program, "<program>", "exec", dont_inherit=True)


def _call(main: Callable[[], Any]) -> Any:
    return main()


def _asyncio_run(main: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    return asyncio.run(main())


def _run_thread(main: Callable[[], Any]) -> Any:
    from lwtsyntax import runtime as Lwt

    return Lwt.run(main())


def _is_resolved(main: Callable[[], Any]) -> bool:
    from lwtsyntax import runtime as Lwt

    promise = main()
    done = not Lwt.is_sleeping(promise)
    Lwt.run(Lwt.catch(lambda: promise, lambda _: Lwt.unit))
    return done


def _described(value: object) -> str:
    """*value* as text that does not depend on the run: exceptions by type and arguments, no addresses."""
    if isinstance(value, BaseException):
        return _error(value)
    text = effects.ADDRESS.sub("0x...", repr(value))
    return effects.UNBOUND.sub(r"NameError(\1)", text)


def _error(error: BaseException) -> str:
    """Type, arguments, and the chain of contexts and causes.

    Of the NameError family only the name: which of its members an unbound variable raises depends
    on where it lives (a documented limit), and so does the message.
    """
    if isinstance(error, NameError):
        name = re.search(r"'(\w+)'", str(error))
        text = f"NameError({name and name[1]})"
    else:
        text = f"{type(error).__name__}({', '.join(map(_described, error.args))})"
    if isinstance(error, GeneratorExit):
        return text  # close() of a generator and aclose() differ in what context they give it
    if error.__cause__ is not None:
        return f"{text} from {_error(error.__cause__)}"
    if isinstance(error, BaseExceptionGroup) and not error.message:
        return text  # put together by an except*: CPython gives it no context, whatever is handled
    if error.__context__ is not None and not error.__suppress_context__:
        return f"{text} during {_error(error.__context__)}"
    return text
