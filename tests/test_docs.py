"""The documents tell the truth: what they show is what the tool does, and what they name is there.

A comment before a fenced block says what the block claims::

    <!-- before: NAME -->               a program, which can be transformed
    <!-- after: NAME -->                what becomes of it; , from "X" to "Y": this part of that
    <!-- async: NAME -->                the same with async functions as the output
    <!-- markers: NAME -->              the same in marker spelling, of a program in keyword spelling
    <!-- pass: PASS -->                 a part of the last program after one pass
    <!-- prints: NAME -->               what it prints, transformed
    <!-- in: PATH -->                   a part of that file
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import black
import pytest

from lwtsyntax.ir.source import Source
from lwtsyntax.keywords.reading import read_forms
from lwtsyntax.pipeline import Target, transform

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
_BLOCK = re.compile(r"(?:<!-- ([^\n]*?) -->\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    page: str
    claim: str  # the first word of the comment before it, or ""
    what: str  # the rest of the comment
    language: str
    text: str


def blocks(page: Path) -> Iterator[Block]:
    for match in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        claim, _, what = (match[1] or "").partition(": ")
        yield Block(page.name, claim, what, match[2], match[3])


BLOCKS = [block for page in PAGES for block in blocks(page)]
PROGRAMS = {block.what: block for block in BLOCKS if block.claim == "before"}
_TARGETS: dict[str, Target] = {"async": "async", "markers": "markers"}


def claims(claim: str) -> list[object]:
    found = [block for block in BLOCKS if block.claim == claim]
    return [pytest.param(block, id=f"{block.page}: {block.what}") for block in found]


def lowered(name: str, target: Target = "binds") -> str:
    program = PROGRAMS[name]
    suffix = "lwt" if program.language == "lwt" else "py"
    result = transform(program.text, f"{name}.{suffix}", target=target)
    assert result.text is not None
    assert result.diagnostics == ()
    return result.text


# -- code ---------------------------------------------------------------------------------------


def test_every_claim_is_checked() -> None:
    known = {"", "before", "after", "async", "pass", "prints", "in", "run-command", "test-command"}
    known.add("markers")
    assert {block.claim for block in BLOCKS} <= known
    names = [block.what for block in BLOCKS if block.claim == "before"]
    assert len(names) == len(set(names))
    shown = {block.what.partition(",")[0] for block in BLOCKS if block.claim in ("after", "prints")}
    assert shown == set(names)


@pytest.mark.parametrize("block", [*claims("after"), *claims("async"), *claims("markers")])
def test_after_is_what_becomes_of_before(block: Block) -> None:
    name, _, part = block.what.partition(", ")
    output = lowered(name, _TARGETS.get(block.claim, "binds"))
    if part:
        match = re.fullmatch('from "(.*)" to "(.*)"', part)
        assert match is not None
        output = output[output.index(match[1]) : output.rindex(match[2])]
    assert block.text.strip() == output.strip()


@pytest.mark.parametrize("block", claims("prints"))
def test_prints(block: Block) -> None:
    result = run(lowered(block.what))
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == block.text


@pytest.mark.parametrize("block", claims("async"))
def test_async_functions_print_the_same(block: Block) -> None:
    name = block.what.partition(", ")[0]
    result = run(lowered(name, "async"))
    assert (result.returncode, result.stderr) == (0, "")
    assert [result.stdout] == [b.text for b in BLOCKS if (b.claim, b.what) == ("prints", name)]


@pytest.mark.parametrize("block", claims("in"))
def test_is_in_its_file(block: Block) -> None:
    assert block.text in (ROOT / block.what).read_text(encoding="utf-8")


def test_passes_of_the_worked_example() -> None:
    page = [block for block in BLOCKS if block.page == "ARCHITECTURE.md"]
    (source,) = [block.text for block in page if block.claim == "before"]
    stages: dict[str, str] = {}
    transform(source, "tally.py", trace=stages.__setitem__)
    shown = {block.what: block.text for block in page if block.claim == "pass"}
    assert [*shown, "format"] == list(stages)
    for name, text in shown.items():
        assert text.rstrip() in stages[name]


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(block, id=f"{block.page} {number}")
        for number, block in enumerate(BLOCKS)
        if block.language == "python"
    ],
)
def test_python_is_valid_and_formatted(block: Block) -> None:
    ast.parse(block.text)
    assert black.format_str(block.text, mode=black.Mode()) == block.text


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(block, id=f"{block.page} {number}")
        for number, block in enumerate(BLOCKS)
        if block.language == "python" and not block.claim
    ],
)
def test_other_python_runs(block: Block) -> None:
    result = run(block.text)
    assert (result.returncode, result.stderr) == (0, "")


def run(program: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


# -- commands -----------------------------------------------------------------------------------


@pytest.mark.parametrize("claim", ["run-command", "test-command"])
def test_setup_commands_are_one_line(claim: str) -> None:
    (block,) = [block for block in BLOCKS if block.claim == claim]
    assert (block.page, block.language) == ("README.md", "sh")
    assert len(block.text.splitlines()) == 1


def test_commands_and_options_exist() -> None:
    from click import Context
    from lwtsyntax_cli.main import main

    context = Context(main)
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    for line in re.findall(r"lwtsyntax (?:transform|run|explain)\b[^`\n]*", text):
        _, name, *words = line.split()
        command = main.get_command(context, name)
        assert command is not None, line
        options = {o for parameter in command.params for o in parameter.opts}
        assert {word.strip(",.;:)") for word in words if word.startswith("-")} <= options, line


# -- tables -------------------------------------------------------------------------------------


def table(page: str, mark: str) -> list[list[str]]:
    """The rows of the table after the comment that begins with *mark*."""
    text = (ROOT / page).read_text(encoding="utf-8")
    _, _, after = text.partition(f"<!-- {mark}")
    lines = after.partition("-->\n")[2].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_words_are_keywords_where_the_page_says_so() -> None:
    for forms, others in table("docs/keyword-spelling.md", "readings"):
        for text in re.findall("`([^`]*)`", forms):
            assert read_forms(Source(f"{text}\n", "f.lwt")), text
        for text in re.findall("`([^`]*)`", others):
            ast.parse(text)
            assert not read_forms(Source(f"{text}\n", "f.lwt")), text


def test_invariants_name_existing_tests() -> None:
    for _, test in table("ARCHITECTURE.md", "invariants"):
        path, _, name = test.strip("`").partition("::")
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), test


def test_imports_follow_the_table() -> None:
    allowed = {
        part: set() if imports == "nothing" else set(imports.split(", "))
        for part, imports in table("ARCHITECTURE.md", "imports")
    }
    found: dict[str, set[str]] = {part: set() for part in allowed}
    for path in [*(ROOT / "lwtsyntax").rglob("*.py"), *(ROOT / "cli").rglob("*.py")]:
        part = _part(path)
        if part not in ("__init__", "__main__"):
            assert part in allowed, f"{part} is not in the table"
            found[part] |= _imports(path, set(allowed)) - {part}
    assert found == allowed


_COMMANDS = {"lwtsyntax_cli": "cli", "lwtsyntax_lsp": "lsp"}  # the packages in cli/


def _part(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return _COMMANDS[parts[1]] if parts[0] == "cli" else parts[1]


def _imports(path: Path, parts: set[str]) -> set[str]:
    """The parts and foreign packages that a module imports when it runs."""
    names = set()
    for node in _run_time(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    split = [name.split(".") for name in names]
    own = {words[1] for words in split if words[0] == "lwtsyntax" and words[1] in parts}
    foreign = {words[0] for words in split} - {"lwtsyntax", *sys.stdlib_module_names}
    return own | {_COMMANDS.get(name, name) for name in foreign}


def _run_time(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield from _run_time(child)


# -- links --------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_resolve(page: Path) -> None:
    text = re.sub(
        r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        if anchor:
            assert anchor in _anchors(linked), target


def _anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_paths_exist(page: Path) -> None:
    """Paths in code spans, such as `lowerings/for_lwt.py`, are there."""
    places = [ROOT, ROOT / "lwtsyntax", ROOT / "lwtsyntax/runtime", ROOT / "tests/fixtures"]
    text = page.read_text(encoding="utf-8")
    for path in re.findall(r"[`(]((?:[\w]+/)+\w+\.(?:py|md))\b", textwrap.dedent(text)):
        assert any((place / path).exists() for place in places), path
