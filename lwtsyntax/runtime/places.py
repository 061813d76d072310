"""One thread, one traceback: the places where threads wait, as entries of tracebacks.

A rejection that reaches a wait gets an entry for the function that waits there, so that a traceback reads
as that of the synchronous program would, whether the promises were resolved or pending.  The entry stands
for a frame that never ran: that of an unstarted generator, compiled at the place of the wait.

A *place* is the code object of such a generator.  Its last constant is `(own, parent, adds, lasti)`: the
number of the call of the runtime it belongs to, the number of the call whose region that one stands in
(0 outside all regions), whether a rejection gets an entry here, and the instruction that it points at.
Compiled sources give one with every call (lwtsyntax.compiling); in code without them the continuation
itself has to do.

Loops and `with` have a *head* besides, which fetches, asks, enters and exits: its place is the constant before
that one.
"""

from __future__ import annotations

from collections.abc import Callable
from os.path import dirname, join
from types import CodeType, FrameType, FunctionType, TracebackType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .promise import Promise

MOST_ENTRIES: Final = 1000  # as many as the stack of a synchronous program could have

_ONLY_AST: Final = (
    0x400  # ast.PyCF_ONLY_AST; that module takes as long to import as half of the runtime
)

# What the file names of the runtime's own code begin with; compiled code has those of its build.
RUNTIME: Final = (dirname(__file__), join("lwtsyntax", "runtime", ""))

# id of a place -> the place (which keeps the id its own), the generator (which owns the frame), the frame,
# the instruction, the line
_frames: dict[int, tuple[CodeType, Any, FrameType, int, int]] = {}


def pass_on(
    q: Promise[Any], p: Promise[Any], place: CodeType | None, k: Callable[..., Any] | None
) -> None:
    """Give `q`, which is rejected since it waited at `place` for the rejected `p`, its traceback.

    `k`: a function of the code that waits.
    """
    trace, count = p._k, p._waits_on
    if place is None:
        place = getattr(k, "__code__", None)
        adds = place is not None and _is_another(place, p)
        if not adds:
            place = p._place
    else:
        own, _, adds, _ = place.co_consts[-1]
        adds = bool(adds) and not _is_inside(p._place, own, place)
    if adds:
        assert place is not None
        if count >= MOST_ENTRIES:  # the innermost ones stay, and this one, the outermost
            trace, count = trace.tb_next, count - 1
        trace, count = _entry(trace, place, k), count + 1
    q._k, q._waits_on, q._place = trace, count, place


def _is_inside(tag: CodeType | None, own: int, place: CodeType) -> bool:
    """Whether the rejection comes from a call that stands in a region of this one: the same activation."""
    if tag is None or tag.co_filename != place.co_filename:
        return False
    info = _info(tag)
    return info is not None and info[1] == own


def _info(place: CodeType) -> tuple[int, int, int, int] | None:
    """What a place says of itself; None for the code of a mere continuation."""
    info = place.co_consts[-1] if place.co_consts else None
    return info if type(info) is tuple and len(info) == 4 else None


def head_of(place: CodeType | None) -> CodeType | None:
    """The place of the head of the loop or the `with` at `place`."""
    head = place.co_consts[-2] if place is not None and len(place.co_consts) > 1 else None
    return head if type(head) is CodeType else None


def place_of(p: Promise[Any] | None) -> CodeType | None:
    """Where `p`, which is pending, waits: its place, else the continuation that stands for it."""
    place: CodeType | None = getattr(p, "_place", None)
    if place is not None:
        return place
    k = getattr(p, "_k", None)
    parts = [k]
    for part in parts:
        if type(part) is tuple:
            parts += part
        if type(part) is FunctionType and not part.__code__.co_filename.startswith(RUNTIME):
            return part.__code__
    return None


def located(place: CodeType, inner: list[CodeType | None]) -> tuple[str, int, str, bool]:
    """File, line and function of `place`; and whether it has an entry of its own among those of what it
    waits for (at the places `inner`)."""
    _, _, frame, _, line = _known(place, None)
    info = _info(place)
    if info is None:
        adds = all(_is_other(place, each) for each in inner)
    else:
        adds = bool(info[2]) and not any(_is_inside(each, info[0], place) for each in inner)
    return place.co_filename, line, frame.f_code.co_name, adds


def _is_another(code: CodeType, p: Promise[Any]) -> bool:
    """`_is_other` for what the rejected `p` passed last."""
    last = p._place
    if last is None and p._k is not None:
        last = p._k.tb_frame.f_code
    return _is_other(code, last)


def _is_other(code: CodeType, last: CodeType | None) -> bool:
    """Whether `code`, a continuation, belongs to another activation than `last`: where there are no places,
    one of the same function counts as the same, unless it is the same continuation again."""
    if code.co_filename.startswith(RUNTIME):
        return False
    if last is None or last is code or last.co_filename != code.co_filename:
        return True
    return _function(code) != _function(last)


def _function(code: CodeType) -> str:
    return code.co_qualname.partition(".<locals>")[0]


def _entry(
    trace: TracebackType | None, place: CodeType, k: Callable[..., Any] | None
) -> TracebackType:
    """A traceback entry for `place` in front of `trace`."""
    _, _, frame, instruction, line = _known(place, k)
    return TracebackType(trace, frame, instruction, line)


def _known(
    place: CodeType, k: Callable[..., Any] | None
) -> tuple[CodeType, Any, FrameType, int, int]:
    known = _frames.get(id(place))
    if known is None:
        known = _frames[id(place)] = _frame(place, getattr(k, "__globals__", None) or {})
    return known


def _frame(place: CodeType, namespace: dict[str, Any]) -> tuple[CodeType, Any, FrameType, int, int]:
    info = _info(place)
    if info is not None:
        stub, instruction = place, info[3]
    else:
        stub, instruction = _stub(place)
    generator = FunctionType(stub, namespace)()
    positions = list(stub.co_positions())
    line = positions[instruction // 2][0] or stub.co_firstlineno
    return place, generator, generator.gi_frame, instruction, line


def _stub(continuation: CodeType) -> tuple[CodeType, int]:
    """A place where `continuation` begins, with columns if it is a lambda; and its instruction."""
    line, (start, end) = continuation.co_firstlineno, _columns(continuation)
    tree: Any = compile("def stub(): yield call()", "", "exec", _ONLY_AST)
    function = tree.body[0]
    statement = function.body[0]
    waiting = statement.value
    for node in (function, statement, waiting, waiting.value, waiting.value.func):
        node.lineno = node.end_lineno = line
        node.col_offset, node.end_col_offset = start, end
    module = compile(tree, continuation.co_filename, "exec")
    stub = next(each for each in module.co_consts if type(each) is CodeType)
    qualname = _function(continuation)
    name = qualname.rpartition(".")[2]
    positions = list(stub.co_positions())
    there = (line, line, start, end)
    instruction = 2 * positions.index(there) if end and there in positions else 0
    return stub.replace(co_name=name, co_qualname=qualname), instruction


def _columns(continuation: CodeType) -> tuple[int, int]:
    """Where a lambda stands on its line, in bytes: several may stand there.  (0, 0) where that is not known."""
    if continuation.co_name != "<lambda>":
        return 0, 0
    line = continuation.co_firstlineno
    positions = [each for each in continuation.co_positions() if each[0] == line and each[3]]
    starts = [column for _, _, column, _ in positions if column is not None]
    ends = [end for _, last, _, end in positions if last == line and end is not None]
    names = ", ".join(continuation.co_varnames[: continuation.co_argcount])
    start = min(starts, default=0) - len((f"lambda {names}: " if names else "lambda: ").encode())
    return (start, max(ends)) if ends and start > 0 else (0, 0)


def strip(error: BaseException) -> BaseException:
    """Take the frames in front that mean nothing to a reader out of a traceback that has just come here:
    the runtime's own, and those of a thread function that called the next one, a part of itself."""
    trace = error.__traceback__
    while trace is not None and id(trace) not in told_by:
        code = trace.tb_frame.f_code
        if not code.co_filename.startswith(RUNTIME):
            following = trace.tb_next
            if following is None or id(following) in told_by:
                break
            if not _continues(code, following.tb_frame.f_code):
                break
        trace = trace.tb_next
    error.__traceback__ = trace
    return error


def at_head(
    error: BaseException, place: CodeType | None, *regions: Callable[..., Any] | None
) -> BaseException:
    """`error`, which the loop or the `with` at `place` has just raised, stripped; with an entry for its head,
    unless it comes out of one of the `regions`, which have frames of their own."""
    strip(error)
    trace, head = error.__traceback__, head_of(place)
    first = regions[0]
    if trace is None or not any(_runs(trace.tb_frame.f_code, each, head) for each in regions):
        code = head or getattr(first, "__code__", None)
        if code is not None and not code.co_filename.startswith(RUNTIME):
            error.__traceback__ = _entry(trace, code, first)
    return error


def _runs(code: CodeType, region: Callable[..., Any] | None, head: CodeType | None) -> bool:
    """Whether `code` is that of `region`, or of another part of the same function."""
    own = getattr(region, "__code__", None)
    if own is None or code.co_filename != own.co_filename:
        return False
    if head is None:
        return _function(code) == _function(own)
    return code.co_qualname in (own.co_qualname, head.co_qualname)


# ids of the tracebacks of groups that are being handled: what is raised anew is known by them
told_by: Final[set[int]] = set()


def _continues(code: CodeType, following: CodeType) -> bool:
    return (
        code is not following
        and code.co_qualname == following.co_qualname
        and code.co_filename == following.co_filename
    )
