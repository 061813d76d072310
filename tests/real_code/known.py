"""The tests that a lowered module may fail, each with its reason.

They look at what a rewrite must change: frames, the text or the signature of functions, the recursion
limit.  A failure without an entry fails the run, and so does an entry whose test passes.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KNOWN", "OTHER_LINES", "Known"]

ALL = ("resolved", "pending", "mixed")


@dataclass(frozen=True)
class Known:
    suite: str
    test: str
    reason: str
    variants: tuple[str, ...] = ALL
    versions: tuple[str, ...] = ("3.11", "3.12", "3.13")
    run: bool = True  # false: it may hang or pass, as luck has it, and is left out


_DEPTH = "wants a RecursionError; threads recurse as deep as memory goes"
_FRAMES = "looks at the frames of its callers"
_CONTEXT = "sets `__context__` by hand; a wait for the rejection inside a handler sets it again"
_CODE = "looks at the code of a function of the module"
_NESTING = "recurses to two sevenths of the recursion limit; driven calls nest deeper"
_WARNS = "wants the file that a warning is for; the driver is a frame on the way to it"
_OS_THREADS = "calls from several OS threads, and promises belong to one"

KNOWN = (
    Known(
        "json",
        "test.test_json.test_recursion.TestPyRecursion.test_highly_nested_objects_decoding",
        _DEPTH,
        variants=("pending",),
    ),
    Known(
        "json",
        "test.test_json.test_recursion.TestPyRecursion.test_highly_nested_objects_decoding",
        _DEPTH,
        variants=("resolved",),
        versions=("3.13",),
    ),
    Known(
        "optparse",
        "test.test_optparse.TestOptionParser.test_refleak",
        "counts references; a caught exception and its frames wait for the garbage collector",
        variants=("mixed",),
    ),
    Known(
        "contextlib", "test.test_contextlib.TestExitStack.test_exit_exception_traceback", _FRAMES
    ),
    Known(
        "contextlib",
        "test.test_contextlib.TestExitStack.test_exit_exception_explicit_none_context",
        _CONTEXT,
    ),
    Known(
        "contextlib",
        "test.test_contextlib.TestExitStack.test_exit_exception_chaining",
        _CONTEXT,
        variants=("mixed",),
    ),
    Known("enum", "test.test_enum.TestSpecial.test_pickle_enum_function", _FRAMES),
    Known(
        "enum",
        "test.test_enum.OldTestIntFlag.test_unique_composite",
        _OS_THREADS,
        run=False,
    ),
    Known(
        "enum",
        "test.test_enum.OldTestFlag.test_unique_composite",
        _OS_THREADS,
        run=False,
    ),
    Known(
        "dataclasses",
        "test.test_dataclasses.TestMakeDataclass.test_module_attr",
        _FRAMES,
        versions=("3.12", "3.13"),
    ),
    Known(
        "dataclasses",
        "test.test_dataclasses.TestMakeDataclass.test_pickle_support",
        _FRAMES,
        versions=("3.12", "3.13"),
    ),
    Known(
        "functools",
        "test.test_functools.TestLRUPy.test_lru_reentrancy_with_len",
        "replaces the builtin `len` for everybody, the runtime included",
        run=False,
    ),
    Known(
        "functools",
        "test.test_functools.TestLRUPy.test_lru_cache_threaded",
        _OS_THREADS,
        run=False,
    ),
    Known(
        "functools",
        "test.test_functools.TestLRUPy.test_lru_cache_threaded2",
        _OS_THREADS,
        run=False,
    ),
    Known(
        "functools",
        "test.test_functools.TestLRUPy.test_lru_cache_threaded3",
        _OS_THREADS,
        run=False,
    ),
    Known(
        "functools",
        "test.test_functools.TestLRUPy.test_lru_recursion",
        _NESTING,
        versions=("3.13",),
    ),
    Known(
        "functools",
        "test.test_functools.TestPartialPy.test_partial_as_method",
        _WARNS,
        versions=("3.13",),
    ),
    Known(
        "functools",
        "test.test_functools.TestPartialPySubclass.test_partial_as_method",
        _WARNS,
        versions=("3.13",),
    ),
    Known("dis", "test.test_dis.BytecodeTests.test_info", _CODE),
    Known("dis", "test.test_dis.CodeInfoTests.test_code_info", _CODE),
    Known("dis", "test.test_dis.CodeInfoTests.test_show_code", _CODE),
)

# How many lines of a module run one way only, through the hook or not, and why.
OTHER_LINES = {
    "enum": (5, "`Enum._create_` asks `sys._getframe(2)` for the module of its caller"),
}
