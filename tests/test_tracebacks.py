"""One thread, one traceback: what a rejection shows is what the synchronous program would show.

Each program of ``tracebacks/`` raises out of ``main``.  It runs with ``lwt`` as identity, lowered with its
promises resolved, pending and mixed, and on fibers: file, line and function of every entry are the same.  The whole
traceback, with the marks under what waits, is the golden behind it.  A wait that ends a thread function
(``return lwt(e)``) is a tail call and leaves no entry: no program here relies on one.
"""

from __future__ import annotations

import ast
import linecache
import sys
import traceback
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from harness import effects
from harness.direct import direct_style

from lwtsyntax import runtime as Lwt
from lwtsyntax.compiling import compile_result
from lwtsyntax.pipeline import Target, transform

FOLDER = Path(__file__).parent / "tracebacks"
PROGRAMS = sorted(path.stem for path in FOLDER.glob("*.py"))
MODES = ("resolved", "pending", *(f"mixed {seed}" for seed in range(3)))
FIBER = ("fiber resolved", "fiber pending")
FILES = {f"{name}.py" for name in PROGRAMS} | {"elsewhere.py"}
MARK = "\n# traceback\n"


def read(name: str) -> tuple[str, str]:
    """The program and its golden traceback."""
    source, _, golden = (FOLDER / f"{name}.py").read_text().partition(MARK)
    return source.rstrip("\n") + "\n", "".join(
        line[2:] or "\n" for line in golden.splitlines(keepends=True)
    )


def raised(
    made: effects.Effects, code: CodeType | ast.Module, run: Any, name: str
) -> BaseException:
    namespace: dict[str, Any] = {"__name__": "program"}
    sys.modules["effects"] = made.module()
    try:
        if isinstance(code, ast.Module):
            code = compile(code, f"{name}.py", "exec")
        exec(code, namespace)  # noqa: S102  (the program under test)
        with pytest.raises(Exception) as caught:  # noqa: PT011
            run(namespace["main"])
    finally:
        del sys.modules["effects"]
    return caught.value


def observed(name: str, mode: str) -> BaseException:
    source, _ = read(name)
    linecache.cache[f"{name}.py"] = (len(source), None, source.splitlines(True), f"{name}.py")
    if mode == "identity":
        program = direct_style(source, asynchronous=False)
        return raised(effects.identity(), program, lambda main: main(), name)
    on_fibers = mode in FIBER
    target: Target = "fibers" if on_fibers else "binds"
    result = transform(source, f"{name}.py", format=False, target=target)
    kind, *seed = mode.removeprefix("fiber ").split()
    made = effects.mixed(int(seed[0])) if seed else getattr(effects, kind)()
    return raised(made, compile_result(result, f"{name}.py"), lambda main: Lwt.run(main()), name)


def entries(error: BaseException | None) -> list[Any]:
    """Line and function of every entry in the program, of the error and of what it came from."""
    if error is None:
        return []
    own = [
        (entry.lineno, entry.name)
        for entry in traceback.extract_tb(error.__traceback__)
        if entry.filename in FILES
    ]
    return [own, entries(error.__cause__), entries(error.__context__)]


def shown(name: str, error: BaseException) -> str:
    """The traceback as it is printed, without the entries of the harness."""
    told = traceback.TracebackException.from_exception(error)
    parts: list[traceback.TracebackException | None] = [told]
    while parts:
        part = parts.pop()
        if part is not None:
            own = [entry for entry in part.stack if entry.filename == f"{name}.py"]
            part.stack = traceback.StackSummary.from_list(own)
            parts += [part.__cause__, part.__context__]
    return "".join(told.format())


@pytest.mark.parametrize("mode", [*MODES, *FIBER])
@pytest.mark.parametrize("name", PROGRAMS)
def test_entries_are_those_of_the_synchronous_program(name: str, mode: str) -> None:
    assert entries(observed(name, mode)) == entries(observed(name, "identity"))


@pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="how it is printed changes with the version"
)
@pytest.mark.parametrize("name", PROGRAMS)
def test_whole_traceback(name: str, request: pytest.FixtureRequest) -> None:
    texts = {shown(name, observed(name, mode)) for mode in MODES}
    assert len(texts) == 1
    [text] = texts
    source, golden = read(name)
    if request.config.getoption("--update-goldens"):
        lines = "".join(f"# {line}" for line in text.splitlines(keepends=True))
        (FOLDER / f"{name}.py").write_text(source + MARK + lines)
    else:
        assert text == golden


ELSEWHERE = """
import threading
from concurrent.futures import Future
from effects import get
from lwtsyntax import lwt

def work(future):
    try:
        {}["missing"]
    except KeyError as error:
        future.set_exception(error)

@lwt
def asked():
    future = Future()
    threading.Thread(target=work, args=(future,)).start()
    found = lwt(future)
    return found

@lwt
def main():
    lwt(get(1))
    value = lwt(asked())
    return value
"""


@pytest.mark.parametrize("mode", MODES)
def test_exception_of_another_os_thread(mode: str) -> None:
    kind, *seed = mode.split()
    made = effects.mixed(int(seed[0])) if seed else getattr(effects, kind)()
    code = compile_result(transform(ELSEWHERE, "elsewhere.py", format=False), "elsewhere.py")
    error = raised(made, code, lambda main: Lwt.run(main()), "elsewhere")
    assert type(error) is KeyError, "".join(traceback.format_exception(error))
    assert entries(error) == [[(23, "main"), (17, "asked"), (9, "work")], [], []]


MANAGED = """
from effects import get
from lwtsyntax import lwt, with_lwt

class Manager:
    def __init__(self, fails):
        self.fails = fails

    {mark}
    {word}def __aenter__(self):
        {wait}(get(1))
        assert self.fails != "enter"

    {mark}
    {word}def __aexit__(self, *error):
        {wait}(get(1))
        assert self.fails != "exit"

@lwt
def fails():
    lwt(get(1))
    raise ValueError

@lwt
def uses(manager):
    with with_lwt(manager):
        if manager.fails == "body":
            lwt(fails())
        x = lwt(get(1))
    print(lwt(get(x)))

@lwt
def main():
    value = lwt(uses(Manager({fails!r})))
    return value
"""


@pytest.mark.parametrize("mode", ["resolved", "pending"])
@pytest.mark.parametrize(
    ("fails", "own"),
    [
        ("enter", [(26, "uses"), (12, "__aenter__")]),
        ("exit", [(26, "uses"), (17, "__aexit__")]),
        ("body", [(28, "uses"), (22, "fails")]),
    ],
)
@pytest.mark.parametrize(
    "words",
    [{"mark": "@lwt", "word": "", "wait": "lwt"}, {"mark": "", "word": "async ", "wait": "await "}],
    ids=["threads", "coroutines"],
)
def test_enter_and_exit_that_are_waited_for(
    words: dict[str, str], fails: str, own: list[tuple[int, str]], mode: str
) -> None:
    made = getattr(effects, mode)()
    source = MANAGED.format(**words, fails=fails)
    code = compile_result(transform(source, "elsewhere.py", format=False), "elsewhere.py")
    error = raised(made, code, lambda main: Lwt.run(main()), "elsewhere")
    assert entries(error) == [[(34, "main"), *own], [], []]
    files = [entry.filename for entry in traceback.extract_tb(error.__traceback__)]
    assert not [file for file in files if "/lwtsyntax/runtime/" in file]


@pytest.mark.parametrize("name", ["recursion", "in_a_handler"])
def test_no_frame_of_the_runtime_is_left(name: str) -> None:
    error = observed(name, "pending")
    files = [entry.filename for entry in traceback.extract_tb(error.__traceback__)]
    assert files[0] == __file__
    assert not [file for file in files if "/lwtsyntax/runtime/" in file]


ENDS = """
from lwtsyntax import lwt
from lwtsyntax import runtime as Lwt

@lwt
def interrupted():
    lwt(Lwt.pause())
    raise KeyboardInterrupt

@lwt
def main():
    _ = interrupted()
    lwt(Lwt.task()[0])
    return 1
"""


@pytest.mark.parametrize(
    ("removed", "own"), [("", [(8, "interrupted")]), ("    _ = interrupted()\n", [])]
)
def test_what_ends_the_main_loop_shows_no_frame_of_it(
    removed: str, own: list[tuple[int, str]]
) -> None:
    source = ENDS.replace(removed, "") if removed else ENDS
    code = compile_result(transform(source, "elsewhere.py", format=False), "elsewhere.py")
    namespace: dict[str, Any] = {}
    exec(code, namespace)  # noqa: S102  (the program under test)
    with pytest.raises(BaseException) as caught:  # noqa: PT011
        Lwt.run(namespace["main"]())
    assert isinstance(caught.value, RuntimeError if removed else KeyboardInterrupt)
    [here, *shown] = traceback.extract_tb(caught.value.__traceback__)
    assert here.filename == __file__
    assert [(each.lineno, each.name) for each in shown] == own
