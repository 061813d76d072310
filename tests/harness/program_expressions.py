"""The expressions of generated programs: all give an int or a bool, and many hold waits."""

from __future__ import annotations

import re
import sys

from harness.program_choices import Choices, Place

__all__ = ["Expressions"]

LEAVES = {"$v": 4, "1": 1, "0": 1, "say($v)": 2, "lwt(get($v))": 2}

# What "$" stands before: e, an expression; l, one that a comprehension evaluates, i and j, its first and
# later iterables; n, one that holds no wait; c, the body of a lambda; s, one in an f-string; p, a promise;
# q, a thread function; v, a variable; x, y and z, fresh names
# (of a comprehension or a lambda, at times those of variables).
SHAPES: dict[str, float] = {
    # waits
    "lwt($p)": 4,
    "lwt(get($e)) + $e": 1,
    "sum(lwt(get($e), get($e)))": 1,
    "sum(lwt(*[get($e), get($e)], get($n)))": 0.3,
    "lwt(lwt(get(get))($e))": 0.3,
    "lwt($x := get($e))": 0.3,
    "lwt(box('w', x=get($e)).x)": 0.3,
    "lwt(get(box('q', x=$e))).x": 0.3,
    "(yield $e) or 1": 2,
    "plain((yield $e), $e, (yield))": 1,
    # what decides whether an operand is evaluated
    "$e and $e": 1,
    "$e or $e or $e": 1,
    "$e and lwt(get($e)) and $n and $n": 0.3,
    "not $e": 0.5,
    "not ($e and $e)": 0.5,
    "($e if $e else $e)": 1,
    "($e < $e <= $e)": 0.7,
    "($e == $e != $e < $e)": 0.5,
    "($e in [$e, 2])": 0.4,
    "($e not in ($e,) != $e)": 0.3,
    "(lwt(get($e)) if $e and $e else $e)": 0.5,
    "($x := $e) + $x": 0.5,
    # order of evaluation
    "say($e)": 1,
    "$e + $e": 1,
    "$e - $e * $e": 0.5,
    "-$e": 0.3,
    "plain($e, $e)": 0.7,
    "plain($e, *[$e, $e], k=$e, **{'z': $e})": 0.7,
    "plain(*xs, j=$e, *($e, $e))": 0.5,
    "plain(k=$e, *[$e])": 0.3,
    "o($e)": 0.5,
    "o.n": 1,
    "o.call($e, k=$e)": 0.5,
    "o[$e * 0]": 0.5,
    "xs[$e % 3]": 0.7,
    "len(xs[$e % 2 : $e])": 0.5,
    "len(xs[$e % 2 :: $e % 2 + 1])": 0.4,
    "grid[$e, $e : $e : $e]": 0.3,
    "grid[lwt(get(1)) :, ..., $e]": 0.3,
    "sum([$e, $e, *[$e]])": 0.5,
    "sum(($e, $e))": 0.5,
    "len({$e, $e, *($e,)})": 0.4,
    "len({$e: $e, 7: $e, **{8: $e}})": 0.5,
    "{$e: $e}.get($e, 3)": 0.4,
    "(a := $e)": 0.5,
    "(d := $e)": 0.5,
    "(a == (a := $e) != $e < (a := $e))": 0.3,
    "(a < (a := $e) <= lwt(get($e)))": 0.3,
    "{a: (a := $e), 7: $e}.get(a, a)": 0.3,
    "plain(a, -a, k=(a := $e), *[a])": 0.3,
    "box('p', x=$e).x": 0.4,
    'len(f"""{$v} and {$s:>3} and {$s!r} {$s}""")': 0.6,
    'len(f"""{$s:{$s % 5 + 1}} and {$s!s:>{$s % 3 + 3}}{$v=}""")': 0.4,
    'len(f"""{$s=}""" + str($e))': 0.2,
    'len(f"""{a:{(a := $s % 5 + 1)}}{a}""")': 0.3,
    # comprehensions and lambdas
    "sum([lwt(get($x + $l)) for $x in range(2)])": 0.7,
    "sum([$l for $x in $i2 if $l])": 0.7,
    "sum([$x + $y for $x in $i2 for $y in $j2 if $x])": 0.5,
    "sum([$x + $l for $x in range(2) if $x if $l for $y in [$x, $j]])": 0.4,
    "sum([$x for $x in for_lwt([$i, 2]) if lwt(get($x))])": 0.5,
    "sum([$x - $y for $x in for_lwt($r) for $y in for_lwt([$x, $j])])": 0.4,
    "sum({$x + $l for $x in $i2})": 0.3,
    "sum({$x: $l for $x in $i2}.values())": 0.3,
    "sum({$l: lwt(get($x)) for $x in $i2 if $x})": 0.4,
    "sum([sum([lwt(get($x + $y)) for $y in [$x, $j]]) for $x in $i2])": 0.4,
    "sum([(c := $x + $l) for $x in $i2])": 0.4,
    "sum({c: (c := $x + $l) for $x in $i2})": 0.3,
    "sum([$x + $y for $x, [$y, *_] in [($i, [$i]), (1, [2])] if $l])": 0.3,
    "sum($x for $x in lwt(get([$v, 1])) if $x)": 0.5,
    "sum($x + $n for $x in $i2 if $n)": 0.4,
    "sum([$x() for $x in [lambda: $y for $y in $i2]])": 0.4,
    "sum([lwt($x()) for $x in [lambda: lwt(get($y)) for $y in $i2]])": 0.4,
    "(lambda $x: $x + $v)($e)": 0.4,
    "(lambda $x, $y=$e: $x + $y)($e)": 0.4,
    "(lambda *$x, $y: len($x) + $y)(*[$e, $e], $y=$e)": 0.3,
    "lwt((lambda $x: lwt(get($x)) + $c)($e))": 0.5,
    "lwt((lambda $x, $y=$e: $x if $y else lwt(get($c)))($e))": 0.4,
    "lwt((lambda: lwt((lambda $x: lwt(get($x)))($c)))())": 0.3,
    # names
    "G": 0.3,
    "u": 0.15,
}

# What gives two numbers, to loop over.
_PAIRS = ("[$e, $e]", "range(2)", "lwt(get([1, $e]))", "xs[:2]", "($e, 1)")

_NESTED_STRINGS = sys.version_info >= (3, 12)


class Expressions(Choices):
    """Draws expressions and promises."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.functions: list[str] = []  # calls, with a hole, that give a promise of a number
        self.streams: list[str] = []
        self.cost: dict[str, int] = {}  # how many statements a call runs, by estimate
        self.spent = 0

    def expression(self, depth: int = 0) -> str:
        leaf = depth > 4 or self.chance((0.35, 0.6, 0.75, 0.85, 0.9)[depth])
        shapes = LEAVES if leaf else SHAPES
        return self.filled(self.liked(self.fitting(shapes)), depth + 1)

    def fitting(self, shapes: dict[str, float]) -> dict[str, float]:
        """Those of *shapes* that may stand at this place."""
        return {shape: weight for shape, weight in shapes.items() if self._fits(shape)}

    def _fits(self, shape: str) -> bool:
        """Whether *shape* may stand at this place."""
        place = self.place
        loops = " for " in shape and not shape.startswith("sum($x")
        return not (
            (("lwt" in shape or "$p" in shape) and not place.waits)
            or (loops and "lwt" in shape and not place.collects)
            or (":=" in shape and not place.walrus)
            or ("yield" in shape and not place.yields)
            or ('"""' in shape and not place.strings)
        )

    def promise(self, depth: int = 0) -> str:
        """An expression that gives a promise of a number."""
        calls = [call for call in self.functions if self.affords(self.cost.get(call, 1))]
        if not calls or self.chance(0.4):
            return self.filled("get($e)", depth, bare=True)
        call = self.choice(calls)
        self.spent += self.cost.get(call, 1) * self.place.rounds
        return self.filled(call, depth, bare=True)

    def reading(self) -> str:
        """Something for ``for_lwt`` to loop over."""
        streams = [call for call in self.streams if self.affords(self.cost.get(call, 1) * 2)]
        options = ["range(2)", "[1, $e]", "stream(1, 2)", "stream($e, 0)", *streams, *streams]
        call = self.choice(options)
        self.spent += self.cost.get(call, 1) * self.place.rounds
        return self.filled(call, 1, bare=True)

    def filled(self, shape: str, depth: int = 0, *, bare: bool = False) -> str:
        """*shape* with its holes filled, in parentheses where it is more than a word."""
        names: dict[str, str] = {}
        binds = "lambda" in shape or " for $x" in shape
        hides = binds and ":=" not in shape and self.chance(0.3)

        def fill(hole: re.Match[str]) -> str:
            kind = hole[1]
            if kind not in "xyz":
                return self._hole(kind, depth)
            if kind not in names:
                name = self.variable() if hides else self.fresh("v")
                names[kind] = self.fresh("v") if name in names.values() else name
            return names[kind]

        # A walrus cannot assign the variable of a comprehension around it.
        with self.at(walrus=self.place.walrus and not hides):
            text = re.sub(r"\$([a-z]2?)", fill, shape)
        simple = bare or text.isalnum() or re.fullmatch(r"\w+\([^()]*\)", text)
        return text if simple else f"({text})"

    def _hole(self, kind: str, depth: int) -> str:
        if kind in _HOLES:
            with self.at(**_HOLES[kind](self.place)):
                return self.expression(depth)
        match kind:
            case "e":
                return self.expression(depth)
            case "v":
                return self.variable()
            case "p":
                return self.promise(depth)
            case "r":
                with self.at(walrus=False):
                    return self.reading()
            case "i2" | "j2":
                with self.at(**_HOLES[kind[0]](self.place)):
                    fitting = [pair for pair in _PAIRS if self._fits(pair)]
                    return self.filled(self.choice(fitting), depth)
        raise AssertionError(kind)


_HOLES = {
    "n": lambda place: {"waits": False, "walrus": False, "yields": False},
    "c": lambda place: {"collects": False, "walrus": False, "yields": False},
    "s": lambda place: {"strings": _NESTED_STRINGS and place.strings, "walrus": False},
    "i": lambda place: {"walrus": False},
    "j": lambda place: {"walrus": False, "yields": False, "waits": _collects(place)},
    "l": lambda place: {"yields": False, "waits": _collects(place)},
}


def _collects(place: Place) -> bool:
    return place.waits and place.collects
