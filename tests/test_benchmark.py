"""The benchmark measures what it says: every candidate computes the right results, whatever it costs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.peers.cells import CANDIDATES, CELLS, KINDS, Cell
from benchmarks.peers.page import AIMS, COLUMNS, updated
from benchmarks.peers.report import as_json, ratio, tables
from benchmarks.peers.running import ROOT, Samples, Worker, measure

# Small ones of every program.
SMALL = [
    *(Cell("basic", kind, 3, 7) for kind in KINDS),
    *(Cell("recurse", kind, 3, 7) for kind in KINDS),
    Cell("row", "", 3, 3),
    Cell("tail", "", 5, 5),
    Cell("park", "", 3, 3),
    Cell("weigh", "", 3, 3),
    *(Cell("watched", kind, 5, 5) for kind in ("medium", "slow")),
    *(Cell("polled", kind, 200, 200) for kind in ("medium", "slow")),
    Cell("echo", "", 2, 3),
]
DEEP = Cell("recurse", "medium", 20_000, 1)
UNLIMITED = {"binds_pure", "binds_compiled", "binds_by_hand", "trampoline", "callbacks", "ocaml"}


@pytest.fixture(params=CANDIDATES)
def worker(request: pytest.FixtureRequest) -> Iterator[Worker]:
    with Worker(request.param) as worker:
        if worker.missing:
            pytest.skip(worker.missing)
        yield worker


def test_candidates_give_the_right_results(worker: Worker) -> None:
    """A worker checks every result that it times, and dies of a wrong one."""
    answers = {cell.key: worker.ask(cell) for cell in SMALL}
    reasons = {each["skipped"] for each in answers.values() if "skipped" in each}
    assert reasons <= {"has no such program", "has no such waits"}
    assert "ns" in answers["basic quick 3"] or "ns" in answers["basic medium 3"]
    for answer in answers.values():
        assert "skipped" in answer or all(isinstance(each, float) for each in answer.values())


def test_who_recurses_without_limit(worker: Worker) -> None:
    answer = worker.ask(DEEP)
    if worker.candidate in UNLIMITED or worker.candidate == "twisted_deferreds":
        assert "ns" in answer
    else:
        assert answer["skipped"] in ("ends at Python's recursion limit", "has no such waits")


def test_a_wrong_result_is_no_sample() -> None:
    with Worker("loop") as worker:
        answer = worker.ask(Cell("row", "", 3, 0))
        assert answer == {"skipped": "its process ended with 1"}
        assert "ns" in worker.ask(Cell("row", "", 3, 3))  # by a new process


def test_a_missing_candidate_says_why() -> None:
    with Worker("no_such_candidate") as worker:
        assert worker.missing is not None and "no_such_candidate" in worker.missing


# -- what becomes of the answers ----------------------------------------------------------------


class Fake(Worker):
    """Answers what it was given, and tells who was asked."""

    def __init__(self, candidate: str, answers: dict[str, object], asked: list[str]) -> None:
        self.candidate = candidate
        self.answers = answers
        self.asked = asked

    def ask(self, cell: Cell) -> dict[str, object]:
        self.asked.append(f"{self.candidate} {cell.key}")
        return {"ns": 1.0} if cell.key not in self.answers else {"skipped": "cannot"}

    ask_afresh = ask


def test_rounds_interleave_and_what_is_skipped_is_not_asked_again() -> None:
    asked: list[str] = []
    workers = [Fake("a", {}, asked), Fake("b", {"recurse quick 2": 0}, asked)]
    cells = [Cell("basic", "quick", 1, 1), Cell("recurse", "quick", 2, 1, rounds=1)]
    samples, skipped = measure(workers, cells, 2, say=lambda text: None)
    assert asked == [
        "a basic quick 1", "b basic quick 1", "a recurse quick 2", "b recurse quick 2",
        "b basic quick 1", "a basic quick 1",
    ]  # fmt: skip
    assert samples["a"] == {"basic quick 1": {"ns": [1.0, 1.0]}, "recurse quick 2": {"ns": [1.0]}}
    assert samples["b"] == {"basic quick 1": {"ns": [1.0, 1.0]}}
    assert skipped == {"a": {}, "b": {"recurse quick 2": "cannot"}}


KEY = "basic quick 500"
SAMPLES: Samples = {
    "asyncio_loop": {KEY: {"ns": [100.0, 110.0, 90.0]}},
    "gevent_greenlets": {KEY: {"ns": [50.0, 44.0, 54.0]}},
}
SKIPPED = {"gevent_greenlets": {"tail 1000000": "has no such program"}}


def test_a_ratio_is_the_median_of_those_of_the_rounds() -> None:
    assert ratio(SAMPLES, "gevent_greenlets", KEY, "ns") == pytest.approx((0.5, 0.45, 0.55))
    assert ratio(SAMPLES, "gevent_greenlets", KEY, "bytes") is None
    once: Samples = {"asyncio_loop": {KEY: {"ns": [2.0]}}, "gevent_greenlets": {KEY: {"ns": [1.0]}}}
    assert ratio(once, "gevent_greenlets", KEY, "ns") == (0.5, 0.5, 0.5)


def test_tables() -> None:
    keys = [cell.key for cell in CELLS if (cell.program, cell.kind) == ("basic", "quick")]
    assert KEY in keys
    head, _, asyncio, gevent = tables(SAMPLES).splitlines()[2:6]
    assert head == f"| | {' | '.join(keys)} |"
    assert "| asyncio |" in asyncio and "| 100 |" in asyncio
    assert "| 50 (0.50; 0.45–0.55) |" in gevent


def test_json_holds_all_samples() -> None:
    content = as_json(SAMPLES, SKIPPED, 3)
    assert content["samples"] == SAMPLES
    assert (content["rounds"], content["skipped"]) == (3, SKIPPED)


def test_every_column_of_the_page_is_measured() -> None:
    keys = {cell.key for cell in CELLS}
    assert {key for key, _ in COLUMNS.values()} <= keys
    assert set(AIMS) <= set(COLUMNS)


@pytest.mark.parametrize("page", ["docs/benchmark.md", "README.md"])
def test_pages_show_what_was_measured(page: str) -> None:
    """``python -m benchmarks.peers --read docs/benchmark/results.json --update-docs`` changes nothing."""
    text = (ROOT / page).read_text(encoding="utf-8")
    results = json.loads((ROOT / "docs/benchmark/results.json").read_text(encoding="utf-8"))
    assert "<!-- measured: " in text
    assert updated(text, results) == text
    for graph in re.findall(r"!\[.*?\]\((benchmark/.*?)\)", text):
        assert (ROOT / "docs" / graph).exists()


def test_a_page_is_written_between_its_markers() -> None:
    page = "a\n<!-- measured: short; ratios -->\nold\n<!-- end -->\nb <!-- end -->\n"
    results = {"samples": SAMPLES, "skipped": SKIPPED}
    head, *_, asyncio, gevent, end, after = updated(page, results).splitlines()[1:]
    assert head == "<!-- measured: short; ratios -->"
    assert (asyncio, gevent) == (
        "| asyncio | 1.00 | – | – | – | – |",
        "| gevent | 0.50 | – | – | – | – |",
    )
    assert (end, after) == ("<!-- end -->", "b <!-- end -->")


def test_graphs(tmp_path: Path) -> None:
    """The same numbers give the same files."""
    pytest.importorskip("matplotlib")
    from benchmarks.peers.graphs import draw

    first = draw(SAMPLES, tmp_path / "first")
    second = draw(SAMPLES, tmp_path / "second")
    assert [path.name for path in first] == ["basic-quick.svg"]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()
        assert len(one.read_bytes()) < 60_000
