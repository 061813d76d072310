"""The pytest plugin, in sessions of its own."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from .hook_support import MARKED, ROOT, write

pytest_plugins = ["pytester"]


# What an installed wheel has beside the package: pytest finds the plugin there, and the list of our modules,
# whose assertions it then rewrites, as it does for every plugin.
INSTALLED = {
    "lwtsyntax-0.1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: lwtsyntax\nVersion: 0.1.0\n",
    "lwtsyntax-0.1.0.dist-info/entry_points.txt": "[pytest11]\nlwtsyntax = lwtsyntax.pytest_plugin\n",
    "lwtsyntax-0.1.0.dist-info/RECORD": "lwtsyntax/__init__.py,,\nlwtsyntax/pytest_plugin.py,,\n",
}


class Session:
    """A project, and pytest runs in it."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester, self.root = pytester, pytester.path

    def write(self, files: dict[str, str]) -> None:
        write(self.root, files)

    def run(self, *arguments: str, **outcomes: int) -> str:
        """What pytest prints; *outcomes* are how many tests passed, failed, …"""
        result = self.pytester.runpytest_subprocess(*arguments)
        assert result.parseoutcomes() == outcomes, str(result.stdout)
        return "\n".join(result.outlines)


@pytest.fixture
def session(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> Session:
    for name in [name for name in os.environ if name.startswith(("PYTEST_", "PYTHON"))]:
        monkeypatch.delenv(name)
    # Plugins of the suite that warn, or are slow to import, about sessions that know nothing of them.
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:asyncio -p no:pytest-lsp")
    path = [tmp_path_factory.mktemp("site"), ROOT, ROOT / "cli"]
    write(path[0], INSTALLED)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, path)))
    return Session(pytester)


TESTS = """\
import pytest
from lwtsyntax import lwt
from lwtsyntax import runtime as Lwt


@pytest.fixture
def two():
    return 2


def get(value):
    return Lwt.map(Lwt.pause(), lambda _: value)


@lwt
def test_thread():
    assert lwt(get(1)) == 1


def test_plain():
    assert True


def test_promise():
    return Lwt.sleep(0.0)


@lwt
def test_fixture(two, tmp_path):
    lwt(Lwt.pause())
    assert two == lwt(get(2)) and tmp_path.exists()


@pytest.mark.parametrize("n", [1, 2, 3])
@lwt
def test_parameters(n, two):
    assert lwt(get(n)) == n


class TestClass:
    def setup_method(self):
        self.value = 5

    @lwt
    def test_method(self, two):
        for n in range(two):
            assert lwt(get(self.value)) == 5

    @pytest.mark.xfail(strict=True)
    @lwt
    def test_expected(self):
        assert lwt(get(1)) == 2

    @pytest.mark.skip
    @lwt
    def test_skipped(self):
        pass
"""


_OTHERS = ("-p", "no:asyncio")  # which warns when it is there and has no settings


def test_tests_that_are_threads_run(session: Session) -> None:
    session.write({"test_it.py": TESTS})
    session.run("-Werror", *_OTHERS, passed=8, xfailed=1, skipped=1)
    session.run("-Werror", *_OTHERS, passed=8, xfailed=1, skipped=1)


def test_in_worker_processes(session: Session) -> None:
    session.write({f"test_{n}.py": TESTS for n in range(3)})
    for _ in range(2):
        session.run("-n2", passed=24, xfailed=3, skipped=3)


FAILING = """\
# a line above
from lwtsyntax import lwt
from lwtsyntax import runtime as Lwt


def get(value):
    return Lwt.map(Lwt.pause(), lambda _: value)


@lwt
def test_values():
    numbers = [1, 2, lwt(get(3))]
    expected = 4
    assert numbers[-1] == expected, "too small"


@lwt
def test_waits_in_an_assertion():
    for n in range(3):
        lwt(Lwt.pause())
        assert lwt(get({"n": n})) == {"n": lwt(get(0))}


@lwt
def test_error():
    lwt(get(1))
    raise ValueError("wrong")
"""


def test_assertions_are_explained_inside_thread_functions(session: Session) -> None:
    session.write({"test_it.py": FAILING})
    for _ in range(2):
        shown = session.run(failed=3)
        assert re.search(r"AssertionError: too small\nE +assert 3 == 4\n", shown)
        assert "assert {'n': 1} == {'n': 0}" in shown
        assert "Differing items:" in shown
        for line in ("test_it.py:14: ", "test_it.py:21: ", "test_it.py:27: ValueError"):
            assert f"\n{line}" in shown
        assert re.search(r'\n> +assert numbers\[-1\] == expected, "too small"\n', shown)
        assert re.search(r'\n> +raise ValueError\("wrong"\)\n', shown)
        assert "running.py" not in shown and "pytest_plugin.py" not in shown


def test_the_code_of_test_modules_is_kept_under_a_tag_of_both(session: Session) -> None:
    session.write({"test_it.py": FAILING, "conftest.py": ""})
    session.run(failed=3)
    names = {each.name for each in (session.root / "__pycache__").iterdir()}
    version = pytest.__version__.replace(".", "")
    [own] = [name for name in names if name.startswith("test_it")]
    assert own.startswith(f"test_it.{sys.implementation.cache_tag}.opt-lwtsyntax")
    assert own.endswith(f"pytest{version}.pyc")
    plugin = "import sys\ndef pytest_sessionfinish(): print('\\ncold:', 'lwt' 'syntax.pipeline' in sys.modules)\n"
    session.write({"conftest.py": plugin})
    assert "cold: False" in session.run(failed=3)
    session.write({"test_it.py": FAILING.replace("expected = 4", "expected = 300")})
    shown = session.run(failed=3)
    assert "assert 3 == 300" in shown and "cold: True" in shown


def test_a_plain_run_before_does_not_disturb(session: Session) -> None:
    session.write({"test_it.py": TESTS})
    session.pytester.runpytest_subprocess("-p", "no:lwtsyntax")
    session.run(passed=8, xfailed=1, skipped=1)
    result = session.pytester.runpytest_subprocess("-p", "no:lwtsyntax", "-k", "thread or promise")
    assert result.parseoutcomes()["failed"] == 2
    result.stdout.fnmatch_lines(["*NotTransformed*"])


@pytest.mark.parametrize("mode", ["prepend", "append", "importlib"])
@pytest.mark.parametrize("assertions", ["rewrite", "plain"])
def test_import_modes(session: Session, mode: str, assertions: str) -> None:
    session.write({"tests/test_it.py": TESTS, "tests/sub/test_it_too.py": TESTS})
    session.run(f"--import-mode={mode}", f"--assert={assertions}", passed=16, xfailed=2, skipped=2)


APP = {
    "app/__init__.py": "",
    "app/work.py": MARKED,
    "conftest.py": "import app.work\n",
    "test_it.py": """\
        from lwtsyntax import lwt
        from app.work import double

        @lwt
        def test_it():
            assert lwt(double(21)) == 42
    """,
}


@pytest.mark.parametrize(
    "settings",
    [
        {"pytest.ini": "[pytest]\nlwtsyntax_packages = other app\n"},
        {"pyproject.toml": '[tool.pytest.ini_options]\nlwtsyntax_packages = ["app"]\n'},
        {"pyproject.toml": '[tool.lwtsyntax]\npackages = ["app"]\n'},
        {"pytest.ini": "[pytest]\n", "pyproject.toml": '[tool.lwtsyntax]\npackages = ["app"]\n'},
    ],
    ids=lambda settings: "+".join(settings),
)
def test_the_settings_name_packages(session: Session, settings: dict[str, str]) -> None:
    session.write({**APP, **settings})
    session.run(passed=1)


def test_packages_that_are_not_named_are_left_alone(session: Session) -> None:
    session.write(APP)
    assert "lwtsyntax.install" in session.run(failed=1)


def test_wrong_settings_are_a_usage_error(session: Session) -> None:
    session.write({"pyproject.toml": "[tool.lwtsyntax]\npackages = 1\n", "test_it.py": ""})
    result = session.pytester.runpytest_subprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*packages in ?tool.lwtsyntax? is a list of names*"])


def test_a_refused_test_module_shows_its_line(session: Session) -> None:
    session.write({"test_it.py": "from lwtsyntax import lwt\n\n\ndef test_it():\n    lwt(1)\n"})
    shown = session.run(errors=1)
    assert "LWT010" in shown and "    lwt(1)" in shown


def test_helpers_registered_for_rewriting(session: Session) -> None:
    helper = MARKED + "\n\n@lwt\ndef check(n):\n    assert lwt(double(n)) == 5\n"
    session.write(
        {
            "conftest.py": "import pytest\npytest.register_assert_rewrite('helper')\n",
            "helper.py": helper,
            "test_it.py": "from helper import check\n\n\ndef test_it():\n    return check(2)\n",
        }
    )
    assert "assert 4 == 5" in session.run(failed=1)


def test_each_test_has_a_main_loop_of_its_own(session: Session) -> None:
    session.write(
        {
            "test_it.py": """\
                import asyncio
                import pytest
                from lwtsyntax import lwt
                from lwtsyntax import runtime as Lwt

                woken = []

                @lwt
                def late(name, seconds):
                    lwt(Lwt.sleep(seconds))
                    woken.append(name)

                @pytest.fixture
                def background():
                    return late("background", 0.0)

                @lwt
                def test_leaves_threads_behind():
                    Lwt.async_(lambda: late("sleeper", 0.0))
                    Lwt.async_(lambda: Lwt.map(Lwt.pause(), lambda _: woken.append("paused")))
                    Lwt.async_(lambda: asyncio.sleep(0, woken.append("coroutine")))

                @lwt
                def test_does_not_wake_them():
                    lwt(Lwt.sleep(0.01))
                    lwt(asyncio.sleep(0))
                    assert woken == ["coroutine"] or woken == []

                @lwt
                def test_shares_its_loop_with_its_fixtures(background):
                    lwt(background)
                    assert woken[-1] == "background"
            """
        }
    )
    session.run(passed=3)


def test_other_kinds_of_tests_are_as_ever(session: Session) -> None:
    session.write(
        {
            "test_it.py": """\
                import unittest
                from lwtsyntax import runtime as Lwt

                class TestCase(unittest.TestCase):
                    def test_it(self):
                        self.assertEqual(Lwt.run(Lwt.return_(1)), 1)

                async def test_coroutine():
                    pass

                def test_value():
                    return 1
            """
        }
    )
    shown = session.run(passed=2, failed=1, warnings=1)
    assert "async def functions are not natively supported" in shown
    assert "PytestReturnNotNoneWarning" in shown


def test_generated_examples_are_waited_for(session: Session) -> None:
    pytest.importorskip("hypothesis")
    session.write(
        {
            "test_it.py": """\
                import pytest
                from hypothesis import given, strategies as st
                from lwtsyntax import lwt
                from lwtsyntax import runtime as Lwt

                @pytest.mark.parametrize("base", [1, 2])
                @given(n=st.integers())
                @lwt
                def test_it(base, n):
                    lwt(Lwt.pause())
                    assert n < 1000
            """
        }
    )
    shown = session.run("-p", "no:cacheprovider", failed=2)
    assert "n=1000" in shown


def test_it_costs_nothing_where_it_is_not_used(session: Session) -> None:
    session.write(
        {
            "test_it.py": "def test_it():\n    pass\n",
            "conftest.py": "import sys\ndef pytest_sessionfinish():\n    print([m for m in sorted(sys.modules) if m.partition('.')[0] in ('lwt' 'syntax', 'tomllib')])\n",
        }
    )
    shown = session.run(passed=1)
    [line] = [line for line in shown.splitlines() if "lwtsyntax" in line and "['" in line]
    assert "runtime" not in line and "pipeline" not in line and "tomllib" not in line


def test_the_hooks_go_with_their_session(session: Session) -> None:
    session.write(
        {
            "outer.py": """\
                import sys, pytest

                before = list(sys.meta_path)
                pytest.main(["-q", "inner/test_it.py"])
                assert sys.meta_path == before
                assert not sys.modules["lwtsyntax.importhook.installing"]._finder.selections
            """,
            "inner/test_it.py": TESTS,
            "inner/pytest.ini": "[pytest]\nlwtsyntax_packages = app\n",
        }
    )
    done = session.pytester.run(sys.executable, "outer.py")
    assert done.ret == 0, str(done.stderr)
    assert done.parseoutcomes() == {"passed": 8, "xfailed": 1, "skipped": 1}


def test_the_file_is_what_the_entry_point_names() -> None:
    text = Path(ROOT, "pyproject.toml").read_text(encoding="utf-8")
    assert 'lwtsyntax = "lwtsyntax.pytest_plugin"' in text


KEYWORD_TESTS = """\
import pytest
from lwtsyntax import runtime as Lwt

def double(n):
    lwt Lwt.pause()
    return 2 * n

@pytest.mark.parametrize("n", [1, 2])
def test_double(n):
    lwt found = double(n)
    assert found == 2

def test_plain():
    assert double
"""


@pytest.mark.parametrize("options", [[], ["--assert=plain"], ["test_work.lwt"]])
def test_modules_in_keyword_spelling_are_collected(session: Session, options: list[str]) -> None:
    session.write({"test_work.lwt": KEYWORD_TESTS, "work.lwt": "lwt x = (1\n"})
    for _ in range(2):
        output = session.run(*options, passed=2, failed=1)
    assert "test_work.lwt:11: AssertionError" in output
    if "--assert=plain" not in options:
        assert "assert 4 == 2" in output
