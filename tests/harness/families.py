"""Programs of any size: parts that follow each other, chains within a statement, blocks in blocks.

``MARK`` stands for a statement, ``MARKED`` for a value, each with a text of its own, so that one can
count how often a piece of the source stands in the output.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

__all__ = ["CHAINS", "NESTS", "PARTS", "PRELUDE", "chained", "marked", "nested", "program"]

PRELUDE = "from lwtsyntax import exception, for_lwt, lwt, match_lwt, while_lwt, with_lwt\n"

PARTS = {
    "wait": "MARK\ntotal += lwt(get(1))\n",
    "binding": "x = lwt(get(MARKED))\nMARK\n",
    "if": "if yes:\n total += lwt(get(MARKED))\nMARK\n",
    "if without a wait taken": "if no:\n lwt(get(MARKED))\n",
    "join": "if yes:\n total += lwt(get(1))\n MARK\nelse:\n total -= lwt(get(1))\n MARK\nMARK\n",
    "elif": "if no:\n lwt(get(1))\n MARK\nelif lwt(get(no)):\n MARK\nelif yes:\n MARK\nelse:\n MARK\n",
    "except": """\
try:
 total += lwt(get(1))
 MARK
 lwt(fail(KeyError(MARKED)))
except KeyError as e:
 MARK
 lwt(get(e))
else:
 MARK
MARK
""",
    "finally": "try:\n lwt(get(1))\n MARK\nfinally:\n MARK\n total += lwt(get(1))\nMARK\n",
    "except and finally": """\
try:
 lwt(fail(KeyError()))
except KeyError:
 MARK
finally:
 MARK
MARK
""",
    "with": "with manager() as m:\n MARK\n total += lwt(get(m))\n MARK\nMARK\n",
    "with_lwt": "with with_lwt(manager()) as m:\n total += lwt(get(m))\n MARK\nMARK\n",
    "for": """\
for i in range(3):
 MARK
 total += lwt(get(1))
 if total < 0:
  break
 if i == 1:
  MARK
  continue
 MARK
else:
 MARK
MARK
""",
    "for_lwt": "for i in for_lwt(range(2)):\n MARK\n get(i)\nMARK\n",
    "while": """\
n = 3
while n:
 n -= lwt(get(1))
 if n == 1:
  MARK
  break
 MARK
else:
 MARK
MARK
""",
    "match": "match total:\n case -1:\n  MARK\n  lwt(get(0))\n case k:\n  total += lwt(get(1))\n  MARK\nMARK\n",
    "match with guards": """\
match total:
 case -1 if lwt(get(no)):
  MARK
 case int(k) if k < 0:
  MARK
 case k if lwt(get(yes)):
  MARK
 case _:
  MARK
MARK
""",
    "match_lwt": """\
match match_lwt(get(total)):
 case -1:
  MARK
 case exception(KeyError()):
  MARK
 case k if lwt(get(k)):
  MARK
MARK
""",
    "comprehension": "total += sum([lwt(get(i)) for i in range(MARKED) if lwt(get(yes))])\nMARK\n",
    "expression": "total += add(MARKED, lwt(get(1)), MARKED, lwt(get(2)))\n",
    "choice": "total += lwt(get(MARKED)) if yes else MARKED\nMARK\n",
    "and, or": "if yes and lwt(get(MARKED)) and no or lwt(get(MARKED)):\n MARK\nMARK\n",
    "f-string": "x = f'{lwt(get(1))} {MARKED} {lwt(get(2))}'\nMARK\n",
    "closure": "def f():\n MARK\n return total\nlwt(get(f()))\n",
    "early return": "if lwt(get(no)):\n MARK\n return total\nMARK\n",
    "return out of try": "try:\n if lwt(get(no)):\n  return MARKED\n MARK\nfinally:\n lwt(get(1))\nMARK\n",
    "return out of for": "for i in range(2):\n if lwt(get(no)):\n  return MARKED\n MARK\nMARK\n",
    "mixture": """\
for i in range(2):
 try:
  with manager() as m:
   while True:
    if lwt(get(yes)):
     MARK
     break
    MARK
   if lwt(get(i)):
    continue
   MARK
 except KeyError:
  MARK
  break
 finally:
  if lwt(get(no)):
   return MARKED
 total += 1
MARK
""",
}

CHAINS: dict[str, Callable[[int], str]] = {
    "and": lambda n: f"total = {' and '.join(['lwt(get(MARKED))'] * n)}\nMARK\n",
    "or": lambda n: (
        f"total = {' or '.join(['lwt(get(no))', 'value(0, MARKED)'] * (n // 2))}\nMARK\n"
    ),
    "condition": lambda n: f"if {' and '.join(['lwt(get(MARKED))'] * n)}:\n MARK\nMARK\n",
    "comparison": lambda n: f"total = {' == '.join(['lwt(get(MARKED))'] * n)}\nMARK\n",
    "operators": lambda n: f"total = {' + '.join(['lwt(get(MARKED))'] * n)}\nMARK\n",
    "arguments": lambda n: f"total = add({', '.join(['lwt(get(MARKED))'] * n)})\nMARK\n",
    "f-string": lambda n: f"x = f'{' '.join(['{lwt(get(MARKED))}'] * n)}'\nMARK\n",
    "choices": lambda n: f"total = {' '.join(['lwt(get(MARKED)) if no else'] * n)} 1\nMARK\n",
    "elif": lambda n: "if no:\n MARK\n" + "elif lwt(get(no)):\n MARK\n" * n + "MARK\n",
    "cases": lambda n: "match total:\n" + " case -1:\n  lwt(get(MARKED))\n" * n + "MARK\n",
    "guards": lambda n: "match total:\n" + " case 0 if lwt(get(no)):\n  MARK\n" * n + "MARK\n",
    "handlers": lambda n: (
        "try:\n lwt(fail(KeyError()))\n"
        + "except OSError:\n MARK\n" * n
        + "except KeyError:\n MARK\n"
    ),
}

NESTS = {
    "if": ("if yes:\n MARK\n", " MARK\nMARK\n"),
    "if and else": ("if lwt(get(yes)):\n", " MARK\nelse:\n lwt(get(1))\n MARK\nMARK\n"),
    "choice": ("if yes:\n", " x = lwt(get(1))\nelse:\n x = 2\nMARK\n"),
    "choice or return": (
        "if yes:\n",
        " if lwt(get(no)):\n  return 1\n x = lwt(get(1))\nelse:\n x = 2\nMARK\n",
    ),
    "case": ("match lwt(get(1)):\n case 1 if lwt(get(yes)):\n", " case _:\n  MARK\nMARK\n"),
    "for": ("for i in range(1):\n MARK\n", " MARK\nMARK\n"),
    "for and else": ("for i in range(1):\n lwt(get(1))\nelse:\n MARK\n", " MARK\nMARK\n"),
    "while": ("while lwt(get(yes)):\n", " MARK\n break\nMARK\n"),
    "with": ("with manager() as m:\n MARK\n", " MARK\nMARK\n"),
    "try": ("try:\n MARK\n", " MARK\nexcept OSError:\n MARK\nMARK\n"),
    "handler": ("try:\n lwt(fail(KeyError()))\nexcept KeyError:\n", " MARK\nMARK\n"),
    "else of try": ("try:\n lwt(get(1))\nexcept OSError:\n MARK\nelse:\n", " MARK\nMARK\n"),
    "finally": ("try:\n MARK\n", "finally:\n MARK\n lwt(get(1))\nMARK\n"),
    "cleanup": ("try:\n lwt(get(1))\nfinally:\n", " MARK\nMARK\n"),
}


def marked(text: str) -> tuple[str, int]:
    """*text* with a text of its own for each mark, and how many there are."""
    numbers = itertools.count()

    def mark(found: re.Match[str]) -> str:
        name = f'"m{next(numbers):06}"'
        return f"mark({name})" if found[0] == "MARK" else f"value(1, {name})"

    text = re.sub(r"value\(0, MARKED\)", lambda _: f'value(0, "m{next(numbers):06}")', text)
    return re.sub("MARKED|MARK", mark, text), next(numbers)


def nested(kind: str, depth: int, text: str = "total += lwt(get(1))\nMARK\n") -> str:
    """*text*, a wait, under *depth* blocks of one kind."""
    before, after = NESTS[kind]
    spaces = " " * (2 if before.startswith("match") else 1)
    for _ in range(depth):
        text = before + _indented(text, spaces) + after
    return text


def chained(kind: str, length: int) -> str:
    return CHAINS[kind](length)


def program(body: str) -> str:
    """A thread function ``main`` around *body*, without the imports."""
    start = "@lwt\ndef main(yes=1, no=0):\n total = x = 0\n"
    return f"{start}{_indented(body, ' ')} return total, x\n"


def _indented(text: str, spaces: str) -> str:
    return "".join(f"{spaces}{line}\n" for line in text.splitlines())
