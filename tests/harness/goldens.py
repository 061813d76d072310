"""What a fixture's golden parts should be, and whether its ways agree.

None is written where the run fails or the ways disagree: one that nobody executed would enshrine a bug.
"""

from __future__ import annotations

from harness.fixtures import Fixture
from harness.oracle import ASYNC, Outcome, asynchronous, lowered, observe, ways
from lwtsyntax.diagnostics import render_text
from lwtsyntax.pipeline import transform

__all__ = ["disagreements", "expected_sections", "written_sections"]


def expected_sections(fixture: Fixture) -> dict[str, str]:
    """The golden parts of *fixture*; AssertionError where it must not have any."""
    if fixture.refused:
        return {"output": _diagnostics(fixture)}
    if fixture.interleaves:
        titles = {"prints when resolved": "resolved", "prints when pending": "pending"}
    else:
        titles = {"prints": ways(fixture.modes)[0]}
    program = asynchronous if fixture.target == "async" else lowered
    output = program(fixture.source, fixture.name)
    sections = {"output": _without_flags(output, fixture)}
    if found := _warnings(fixture):
        sections["warnings"] = found
    for title, way in titles.items():
        sections[title] = _printed(observe(fixture.source, way, fixture.name))
    return sections


def written_sections(fixture: Fixture) -> dict[str, str]:
    """The same, to be written into the file; AssertionError where the ways disagree."""
    differing = "" if fixture.refused else disagreements(fixture)
    assert not differing, f"{fixture.name}: the ways disagree\n{differing}"
    return expected_sections(fixture)


def disagreements(fixture: Fixture) -> str:
    """The ways that differ from the one they have to agree with, or "" if all agree."""
    wanted = [way for way in ways(fixture.modes) if not (fixture.differs_in_async and way in ASYNC)]
    observed = {way: observe(fixture.source, way, fixture.name) for way in wanted}
    first = next(iter(observed))
    leaders: dict[str, str] = {}
    reports = []
    for way, outcome in observed.items():
        group = _schedule(way) if fixture.interleaves else "any"
        leader = leaders.setdefault(group, way) if group else way
        if outcome.result != observed[first].result:
            reports.append(difference(first, observed[first], way, outcome))
        elif outcome != observed[leader]:
            reports.append(difference(leader, observed[leader], way, outcome))
    return "\n".join(reports)


def _schedule(way: str) -> str | None:
    """The ways that must interleave in the same order; None for those with an order of their own."""
    way = way.removeprefix("fiber ")
    if way == "asyncio" or way in ASYNC or way.startswith("mixed"):
        return None
    return "pending" if way.startswith("pending") else "resolved"


def difference(left: str, expected: Outcome, right: str, found: Outcome) -> str:
    """The first line in which two outcomes differ."""
    ours, theirs = expected.lines(), found.lines()
    at = next(
        (i for i, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]), 0
    )
    shown = [f"{left}: line {at + 1}", *_around(ours, at), f"{right}:", *_around(theirs, at)]
    return "\n".join(shown)


def _around(lines: list[str], at: int) -> list[str]:
    return [
        f"  {'>' if i == at else ' '} {lines[i]}"
        for i in range(max(0, at - 2), min(at + 3, len(lines)))
    ]


def _diagnostics(fixture: Fixture) -> str:
    result = transform(fixture.source, fixture.name, target=fixture.target)
    assert result.text is None, f"{fixture.name}: expected {fixture.refused}, but it was accepted"
    codes = [each.code for each in result.diagnostics]
    assert set(codes) == set((fixture.refused or "").split(",")), (
        f"{fixture.name}: refused with {codes}"
    )
    return "\n".join(render_text(each) for each in result.diagnostics) + "\n"


def _warnings(fixture: Fixture) -> str:
    diagnostics = transform(fixture.source, fixture.name, format=False).diagnostics
    codes = {each.code for each in diagnostics}
    shown = "".join(f"{render_text(each)}\n" for each in diagnostics)
    assert codes == fixture.warns, f"{fixture.name}: warns {sorted(codes)}\n{shown}"
    return shown


def _printed(outcome: Outcome) -> str:
    return "".join(f"{line.rstrip()}\n" for text in outcome.lines() for line in text.split("\n"))


def _without_flags(text: str, fixture: Fixture) -> str:
    return text.partition("\n")[2] if fixture.flags else text
