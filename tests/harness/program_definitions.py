"""Functions, classes and streams that generated programs define inside thread functions."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from harness.program_handlers import Handlers

__all__ = ["Definitions"]

_GENERICS = sys.version_info >= (3, 12)

_PARAMETERS = {
    "p": 4,
    "p, q=$e": 2,
    "p=$e, *rest, k=$e, **more": 1,
    "p, /, q=$n, *, k=lwt(get(1))": 1,
    "p: int, q: 'str' = $e": 0.7,
}


class Definitions(Handlers):
    """Adds the statements that define."""

    @contextmanager
    def function_body(
        self, head: str, *, threads: bool = True, **changes: object
    ) -> Iterator[None]:
        """The body of a function under *head*: where nothing of the loops around may stand."""
        place: dict[str, object] = {
            "waits": threads,
            "collects": True,
            "walrus": True,
            "yields": False,
            "jumps": (),
            "returns": "value",
            "cleans": True,
            "rounds": 1,
            "depth": self.place.depth + 1,
        }
        with self.block(head), self.at(**(place | changes)):
            yield

    def variables(self) -> None:
        """Say whose the variables are."""
        if self.chance():
            self.line("nonlocal a, b")
        else:
            self.line(
                self.choice(
                    ["a = b = p", "a, b = p, lwt(get(p))" if self.place.waits else "a = b = p"]
                )
            )
        self.line("nonlocal c, d, u")

    def decorators(self) -> None:
        options = ["", "", "", "@same", "@lwt(get(same))", "@lwt(get(box('deco', x=same))).x"]
        decorator = self.choice(options)
        if decorator:
            self.line(decorator)

    def generic(self) -> str:
        return "[T, *Ts]" if _GENERICS and self.chance(0.1) else ""

    def nested_thread(self) -> None:
        """A thread function in the function, which may assign the variables around it."""
        name = self.fresh("inner")
        self.decorators()
        parameters = self.filled(self.liked(_PARAMETERS), bare=True)
        returns = self.choice(["", "", " -> int", " -> 'Any'"])
        self.line("@lwt")
        spent, self.spent = self.spent, 0
        with self.function_body(f"def {name}{self.generic()}({parameters}){returns}:"):
            if self.chance(0.2):
                self.line(self.choice(['"""Say nothing."""', "'a docstring'"]))
            self.variables()
            if parameters == "p" and self.chance(0.25):
                self.recursion(name)
            self.statements()
            self.give_back()
        self.define(f"{name}($e)", spent)
        self.line(f"{self.variable()} = lwt({name}({self.expression()}))")

    def give_back(self) -> None:
        """The end of a function that gives a number."""
        if self.chance(0.3):
            result = self.fresh("r")
            self.line(f"{result} = lwt({self.promise()})")
            self.line(f"return {result}")
        else:
            self.line(f"return {self.expression()}")

    def procedure(self) -> None:
        """A thread function that gives nothing, whatever its last statement is."""
        name = self.fresh("proc")
        spent, self.spent = self.spent, 0
        self.line("@lwt")
        with self.function_body(f"def {name}(p):", returns="bare"):
            self.variables()
            self.statements()
            if self.chance(0.2):
                self.line(f"{self.variable()} = lwt({self.promise()})")
        self.spent += spent
        self.line(f"log(lwt({name}({self.expression()})))")

    def side_by_side(self) -> None:
        """Threads that are started now and waited for later; they share nothing with the rest."""
        name, started = self.fresh("aside"), self.fresh("started")
        functions, streams, spent = self.functions, self.streams, self.spent
        self.functions, self.streams, self.spent = [], [], 0
        self.line("@lwt")
        with self.function_body(f"def {name}(p):"):
            self.line("a = b = c = d = u = p")
            self.line("xs, fs, ts, o = [p, 1, 2], [], [], box('aside', n=p, call=plain)")
            self.line("o[0] = p")
            with self.block("try:"):
                self.statements()
            with self.block("except BaseException as error:"):
                self.line("log(repr(error))")
            self.line("log(len(fs), len(ts))")
            self.line("return b")
        self.functions, self.streams, self.spent = functions, streams, self.spent + spent
        self.line(f"{started} = {name}({self.expression()})")
        self.body("try:")
        with self.block("finally:"):
            waits = [
                f"lwt({started})",
                f"sum(lwt({started}, {name}(2)))",
                f"sum(lwt({name}(3), {started}, get(1)))",
            ]
            self.line(f"{self.variable()} = {self.choice(waits)}")

    def define(self, call: str, spent: int) -> None:
        """From here on *call* may be made; it costs what was spent since *spent* was put aside."""
        self.cost[call] = self.spent
        self.spent += spent
        self.functions.append(call)

    def recursion(self, name: str) -> None:
        """A call of the function itself, which ends since *p* falls."""
        with self.block("if p not in (1, 2):"):
            self.line(f"return {self.expression()}")
        calls = [
            f"{self.variable()} = lwt({name}(p - 1))",
            f"{self.variable()} = {self.expression()} + lwt({name}(p - 1))",
            f"for u in for_lwt(range(1)): {name}(p - 1)",
            f"with managed(p): log(lwt({name}(p - 1)))",
        ]
        self.line(self.choice(calls))
        if self.chance(0.3):
            with self.block(f"if {self.expression()}:"):
                self.line(f"return lwt({name}(p - 1))")

    def nested_plain(self) -> None:
        """A function that waits for nothing and assigns the variables around it."""
        name = self.fresh("plainly")
        self.decorators()
        parameters = self.filled(self.choice(["p", "p, q=$e", "p, *, q=$e"]), bare=True)
        with self.function_body(f"def {name}({parameters}):", threads=False, walrus=False):
            self.line("nonlocal a, b, u")
            self.line(f"{self.choice('ab')} = p + {self.choice('abcd')}")
            if self.chance():
                self.line(f"u = {self.expression()}")
            self.line(f"return {self.expression()}")
        self.line(f"{self.variable()} = {name}({self.expression()}) + {self.variable()}")
        if self.chance(0.3):
            self.line(f"fs.append(lambda: {name}(1))")

    def local_class(self) -> None:
        """A class with thread functions for methods, with names that are mangled, and ``super()``."""
        name = self.fresh("Local")
        bases = ["Base", "Base", "lwt(get(Base))", "*[Base], metaclass=lwt(get(type))"]
        generic = self.generic()  # whose bases cannot wait
        self.decorators()
        with self.block(f"class {name}{generic}({self.choice(bases[:2] if generic else bases)}):"):
            with self.at(waits=False, walrus=False, yields=False):
                self.line(f"__hidden = a = {self.expression()}")
                if self.chance(0.3):
                    self.line(f"b: int = a + {self.choice('cd')}")
            self.method("value", "lwt(super().value(p)) + self.__hidden")
            calls = [f"{name}({{}}).value({{}})"]
            if self.chance():
                self.line(self.choice(["@property", "@same"]))
                self.method("other", "len([self.__hidden for _ in lwt(get([1, 2]))])", "self")
            if self.chance(0.3):
                self.line("@classmethod")
                self.method("made", "lwt(cls(p).value(p)) + cls.__hidden", "cls, p")
                calls.append(f"{name}.made({{}})")
            if self.chance(0.3):
                self.line("@staticmethod")
                self.method("alone", "p", "p")
                calls.append(f"{name}.alone({{}})")
        call = self.choice(calls)
        self.line(f"{self.variable()} = lwt({call.format(self.expression(), self.expression())})")

    def method(self, name: str, value: str, parameters: str = "self, p") -> None:
        self.line("@lwt")
        with self.function_body(f"def {name}({parameters}):"):
            self.line("nonlocal c, d, u")
            self.line("a = b = " + ("p" if parameters.endswith("p") else "self.p"))
            if self.chance(0.4) and "self" in parameters:
                self.line(f"self.__kept = __mine = {self.expression()}")
                self.line("log(self.__kept + __mine)")
            if self.chance(0.3) and "p" in parameters.split(", ") and parameters != "p":
                self.line(self.choice(["log(super().kind())", 'log(f"{super().kind()!r:>8}")']))
            if self.chance():
                self.statement()
            self.line(f"return {value} + {self.expression()}")

    # -- streams --------------------------------------------------------------------------------

    def nested_stream(self) -> None:
        """A stream and a loop over it; one that cleans up is closed when the loop ends."""
        name = self.fresh("stream")
        closed = self.place.cleans and self.chance()
        spent, self.spent = self.spent, 0
        self.line("@lwt_stream")
        head = f"def {name}(p):"
        with self.function_body(head, yields=True, returns="bare", cleans=closed):
            self.line("nonlocal c, d, u")
            self.line("a = b = p")
            rounds = self.choice(
                [
                    f"for {self.variable()} in range(2):",
                    f"for {self.variable()} in for_lwt([2, $e]):",
                    "if True:",
                ]
            )
            self.body(self.filled(rounds, bare=True), self.give)
            if self.chance(0.3):
                self.give()
        cost, self.spent = self.spent, self.spent + spent
        call = f"{name}($e)"
        self.cost[call] = cost
        if not closed:
            self.streams.append(call)
        self.read_stream(self.filled(call, bare=True), closed)

    def give(self) -> None:
        values = ["yield $e", "yield", "yield lwt(get($e)), $e", "$v = (yield $e) or $e"]
        value = self.choice(values)
        if value in ("yield", values[2]):
            value = "yield $e"
        self.line(self.filled(value, bare=True))

    def read_stream(self, call: str, closed: bool) -> None:
        tail = self.tail_call if self.chance() else None
        if not closed:
            self.loop(f"for {self.variable()} in for_lwt({call}):", 2, tail)
            return
        name = self.fresh("s")
        self.line(f"{name} = {call}")
        with self.block("try:"):
            self.loop(f"for {self.variable()} in for_lwt({name}):", 2, tail)
        with self.block("finally:"):
            self.line(f"lwt(close({name}))")
