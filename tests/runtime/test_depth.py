"""No stack growth, and no memory growth where the loop is a tail loop; at the default recursion limit."""

import gc
import itertools
import sys

import pytest

from lwtsyntax import runtime as Lwt
from lwtsyntax.runtime.nesting import LIMIT, nest


def native(levels, f):
    """f() below so many more Python frames."""
    return f() if levels == 0 else native(levels - 1, f)


def add_one(v):
    return v + 1


def live():
    """How many promises there are."""
    return sum(type(each) is Lwt.Promise for each in gc.get_objects())


alive_at_the_end = [0]


def end():
    alive_at_the_end[0] = live()
    return Lwt.unit


@pytest.fixture(autouse=True)
def _default_recursion_limit():
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    yield
    sys.setrecursionlimit(before)


def tail_call(n):
    return end() if n == 0 else Lwt.call(tail_call, n - 1)


def tail_bind(n):
    return end() if n == 0 else Lwt.bind(Lwt.unit, lambda _: tail_bind(n - 1))


def tail_pause(n):
    return end() if n == 0 else Lwt.bind(Lwt.pause(), lambda _: tail_pause(n - 1))


class TestTail:
    @pytest.mark.parametrize("loop", [tail_call, tail_bind])
    def test_resolved_is_finished_on_return_and_flat(self, loop):
        before = live()
        assert Lwt.state(loop(1_000_000)) == "fulfilled"
        assert alive_at_the_end[0] - before < 2 * LIMIT

    def test_pending_is_flat(self):
        before = live()
        assert Lwt.run(tail_pause(300_000)) is None
        assert alive_at_the_end[0] - before < 2 * LIMIT

    def test_with_ten_native_frames_a_level(self):
        def loop(n):
            return Lwt.unit if n == 0 else native(9, lambda: Lwt.call(loop, n - 1))

        def bound(n):
            return (
                Lwt.unit
                if n == 0
                else native(9, lambda: Lwt.bind(Lwt.unit, lambda _: bound(n - 1)))
            )

        assert Lwt.state(loop(10_000)) == "fulfilled"
        assert Lwt.state(bound(10_000)) == "fulfilled"

    @pytest.mark.parametrize(
        "step",
        [
            lambda f: Lwt.for_each([1], lambda _: f()),
            lambda f: Lwt.then(None, f),
            lambda f: Lwt.returning(None, f),
            lambda f: Lwt.sequence(f),
            lambda f: Lwt.try_(f, lambda: None),
            lambda f: Lwt.finalize(f, lambda: None),
            lambda f: Lwt.try_(lambda: 1 / 0, f),
            lambda f: Lwt.while_(lambda: True, lambda: Lwt.map(f(), lambda _: Lwt.BREAK)),
            lambda f: Lwt.catch(f, Lwt.fail),
            lambda f: Lwt.for_each(
                [1], lambda _: Lwt.finalize(lambda: Lwt.try_(f, f), lambda: None)
            ),
        ],
    )
    def test_every_helper_is_counted(self, step):
        def down(n):
            return Lwt.unit if n == 0 else native(9, lambda: step(lambda: down(n - 1)))

        assert Lwt.run(down(3_000)) is None


class TestNonTail:
    def test_resolved(self):
        def depth(n):
            return Lwt.return_(0) if n == 0 else Lwt.map(Lwt.call(depth, n - 1), add_one)

        assert Lwt.poll(depth(100_000)) == 100_000

    def test_resolved_with_ten_native_frames_a_level(self):
        def depth(n):
            if n == 0:
                return Lwt.return_(0)
            return Lwt.map(native(9, lambda: Lwt.call(depth, n - 1)), add_one)

        assert Lwt.poll(depth(20_000)) == 20_000

    def test_wait_first(self):
        def depth(n):
            if n == 0:
                return Lwt.return_(0)
            return Lwt.bind(Lwt.pause(), lambda _: Lwt.map(depth(n - 1), add_one))

        assert Lwt.run(depth(100_000)) == 100_000

    def test_wait_at_the_bottom(self):
        def depth(n):
            if n == 0:
                return Lwt.map(Lwt.pause(), lambda _: 0)
            return Lwt.bind(Lwt.call(depth, n - 1), lambda v: Lwt.return_(v + 1))

        assert Lwt.run(depth(100_000)) == 100_000

    def test_rejection_through_all_levels(self):
        def depth(n):
            return Lwt.fail(KeyError(n)) if n == 0 else Lwt.map(Lwt.call(depth, n - 1), add_one)

        with pytest.raises(KeyError):
            Lwt.run(depth(50_000))


class TestChains:
    def test_a_tower_of_maps_resolved_by_one_wakeup(self):
        first, r = Lwt.wait()
        p = first
        for _ in range(300_000):
            p = Lwt.map(p, add_one)
        Lwt.wakeup(r, 0)
        assert Lwt.poll(p) == 300_000

    @pytest.mark.parametrize("wakeup", [Lwt.wakeup, Lwt.wakeup_later])
    def test_wakeups_that_wake_each_other(self, wakeup):
        pairs = [Lwt.wait() for _ in range(100_000)]
        for (p, _), (_, after) in itertools.pairwise(pairs):
            Lwt.on_success(p, lambda v, after=after: wakeup(after, v + 1))
        wakeup(pairs[0][1], 1)
        assert Lwt.poll(pairs[-1][0]) == 100_000

    def test_resolved_iterations(self):
        count = 0

        def body(_):
            nonlocal count
            count += 1

        Lwt.for_each(range(1_000_000), body)
        Lwt.while_(lambda: count < 2_000_000, lambda: body(0))
        assert count == 2_000_000

    def test_dropping_a_long_chain(self):
        p, r = Lwt.wait()
        for _ in range(1_000_000):
            p = Lwt.bind(p, lambda v, p=p: Lwt.return_(v))
        del r
        gc.collect()
        del p
        gc.collect()

    def test_forwards_dropped(self):
        outer, r = Lwt.wait()
        p = Lwt.bind(outer, lambda _: Lwt.wait()[0])
        for _ in range(100_000):
            p = Lwt.bind(outer, lambda _, p=p: p)
        Lwt.wakeup(r)
        assert Lwt.is_sleeping(p)
        del p
        gc.collect()


class TestOrder:
    def test_deferred_runs_in_the_order_of_direct_calls(self):
        log = []

        def leaf(name):
            log.append(name)
            return Lwt.unit

        def at(level):
            if level < LIMIT:
                return Lwt.call(at, level + 1)
            Lwt.call(leaf, "p")
            Lwt.call(leaf, "q")
            log.append("after")
            return Lwt.unit

        at(0)
        assert log == ["after", "p", "q"]
        log.clear()
        at(LIMIT - 5)
        assert log == ["p", "q", "after"]

    def test_outermost_entry_has_run_everything(self):
        done = []

        def down(n):
            if n == 0:
                done.append(True)
            else:
                Lwt.bind(Lwt.unit, lambda _: down(n - 1) or Lwt.unit)
            return Lwt.unit

        Lwt.bind(Lwt.unit, lambda _: down(1000))
        assert done == [True]

    def test_what_a_waiter_put_off_comes_before_the_next_waiter(self):
        p, r = Lwt.wait()
        log = []

        def down(n):
            return log.append("deep") if n == 0 else Lwt.call(down, n - 1)

        Lwt.on_success(p, lambda _: down(LIMIT + 5))
        Lwt.on_success(p, lambda _: log.append("next"))
        Lwt.wakeup(r)
        assert log == ["deep", "next"]


class TestInterrupted:
    def test_counter_and_queue_survive_a_keyboard_interrupt(self):
        def down(n):
            if n == 0:
                raise KeyboardInterrupt
            return Lwt.call(down, n - 1)

        with pytest.raises(KeyboardInterrupt):
            down(LIMIT - 2)
        assert nest.depth == 0
        p = down(LIMIT * 3)  # past the bound it is a rejection
        assert nest.depth == 0
        with pytest.raises(KeyboardInterrupt):
            Lwt.run(p)

    def test_an_exception_of_a_deferred_call_rejects_its_promise(self):
        def down(n):
            return 1 / 0 if n == 0 else Lwt.call(down, n - 1)

        with pytest.raises(ZeroDivisionError):
            Lwt.run(down(LIMIT * 3))
        with pytest.raises(ZeroDivisionError):
            down(3)

    def test_call_past_the_bound_wants_a_promise(self):
        def down(n):
            return 7 if n == 0 else Lwt.call(down, n - 1)

        assert down(3) == 7
        with pytest.raises(TypeError, match="cannot wait for int"):
            Lwt.run(down(LIMIT * 3))
