"""What is run: suites of CPython's tests with the modules to lower, and the variants of lowering them."""

from __future__ import annotations

from dataclasses import dataclass

from .planting import Planting

__all__ = ["SUITES", "VARIANTS", "Suite", "Variant"]


@dataclass(frozen=True)
class Suite:
    """Modules to lower, and the tests for them."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    by_name: bool = True  # false where the tests replace functions of the modules


def _suite(*modules: str, tests: str = "", by_name: bool = True) -> Suite:
    return Suite(modules, (f"test.test_{tests or modules[0]}",), by_name)


SUITES = {
    "textwrap": _suite("textwrap"),
    "difflib": _suite("difflib"),
    "json": _suite("json", "json.decoder", "json.encoder", "json.scanner"),
    "heapq": _suite("heapq"),
    "shlex": _suite("shlex"),
    "configparser": _suite("configparser"),
    "argparse": _suite("argparse"),
    "optparse": _suite("optparse"),
    "getopt": _suite("getopt"),
    "statistics": _suite("statistics"),
    "fractions": _suite("fractions"),
    "random": _suite("random"),
    "numbers": _suite("numbers", tests="abstract_numbers"),
    "csv": _suite("csv"),
    "string": _suite("string"),
    "copy": _suite("copy"),
    "pprint": _suite("pprint"),
    "reprlib": _suite("reprlib"),
    "bisect": _suite("bisect"),
    "graphlib": _suite("graphlib"),
    "calendar": _suite("calendar"),
    "_strptime": _suite("_strptime", tests="strptime"),
    "fnmatch": _suite("fnmatch"),
    "filecmp": _suite("filecmp"),
    "linecache": _suite("linecache", by_name=False),
    "netrc": _suite("netrc"),
    "ipaddress": _suite("ipaddress"),
    "uuid": _suite("uuid", by_name=False),
    "base64": _suite("base64"),
    "quopri": _suite("quopri"),
    "plistlib": _suite("plistlib"),
    "http.cookies": _suite("http.cookies", tests="http_cookies"),
    "urllib.parse": _suite("urllib.parse", tests="urlparse"),
    "html.parser": _suite("html.parser", "html", "_markupbase", tests="htmlparser"),
    "xml.etree": _suite("xml.etree.ElementTree", "xml.etree.ElementPath", tests="xml_etree"),
    "collections": _suite("collections"),
    "contextlib": _suite("contextlib"),
    "dataclasses": _suite("dataclasses"),
    "enum": _suite("enum"),
    "functools": _suite("functools"),
    "abc": _suite("_py_abc", tests="abc"),
    "dis": _suite("dis"),
    "tokenize": _suite("tokenize"),
    "ast": _suite("ast", tests="unparse"),
}


@dataclass(frozen=True)
class Variant:
    """Where waits are planted (nowhere: None), and how many promises in a hundred are pending first."""

    planting: Planting | None
    pauses: int = 0


VARIANTS = {
    "as it is": Variant(None),
    "resolved": Variant(Planting()),
    "pending": Variant(Planting(), 100),
    "mixed": Variant(Planting(calls=40, loops=30, operands=15, seed=1), 50),
}
