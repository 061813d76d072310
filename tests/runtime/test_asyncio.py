"""Our promises in asyncio, and asyncio's awaitables in our threads."""

import asyncio
import concurrent.futures
import threading
import time

import pytest

from lwtsyntax import runtime as Lwt
from lwtsyntax.runtime.scheduler import scheduler

from .helpers import Boom


async def answer(value, delay=0.0):
    await asyncio.sleep(delay)
    return value


async def fails(error):
    await asyncio.sleep(0)
    raise error


class TestTheirsInOurs:
    def test_coroutine(self):
        assert Lwt.run(answer(3)) == 3
        assert Lwt.run(Lwt.map(answer(3), lambda v: v + 1)) == 4
        assert Lwt.run(Lwt.bind(Lwt.pause(), lambda _: answer(5))) == 5

    def test_coroutine_that_fails(self):
        with pytest.raises(Boom):
            Lwt.run(Lwt.bind(fails(Boom()), lambda _: Lwt.unit))
        assert Lwt.run(Lwt.catch(lambda: fails(Boom()), lambda e: Lwt.return_(type(e)))) is Boom

    def test_running_loop_is_there_in_continuations(self):
        def look(_):
            return Lwt.return_(asyncio.get_running_loop())

        assert Lwt.run(Lwt.bind(Lwt.bind(answer(0), lambda _: Lwt.pause()), look)).is_closed()

    def test_asyncio_future(self):
        def start(_):
            loop = asyncio.get_running_loop()
            future = loop.create_future()
            loop.call_soon(future.set_result, 8)
            return Lwt.promise(future)

        assert Lwt.run(Lwt.bind(answer(0), start)) == 8

    def test_future_that_is_done_after_threads_ran_in_a_loop_of_the_users(self):
        async def pauses():
            await Lwt.pause()

        asyncio.run(pauses())
        future = concurrent.futures.Future()
        future.set_result(8)
        assert Lwt.run(Lwt.bind(Lwt.pause(), lambda _: Lwt.promise(future))) == 8

    def test_canceled_task_rejects(self):
        def start(_):
            task = asyncio.get_running_loop().create_task(answer(1, 60))
            p = Lwt.promise(task)
            task.cancel()
            return p

        with pytest.raises(asyncio.CancelledError):
            Lwt.run(Lwt.bind(answer(0), start))

    def test_cancel_reaches_the_task(self):
        p = Lwt.promise(answer(1, 60))
        q = Lwt.both(p, Lwt.map(Lwt.pause(), lambda _: Lwt.cancel(p)))
        with pytest.raises(asyncio.CancelledError):
            Lwt.run(q)

    def test_future_of_a_thread(self):
        with concurrent.futures.ThreadPoolExecutor() as pool:
            event = threading.Event()
            p = Lwt.promise(pool.submit(lambda: event.wait(10) and threading.get_ident()))
            q = Lwt.map(Lwt.pause(), lambda _: event.set())
            where = Lwt.run(Lwt.map(Lwt.both(p, q), lambda v: (v[0], threading.get_ident())))
        assert where[0] != where[1] == threading.get_ident()

    def test_object_with_add_done_callback(self):
        class Deferred:
            def __init__(self):
                self.callbacks = []

            def add_done_callback(self, f):
                self.callbacks.append(f)

            def result(self):
                return "result"

            def exception(self):
                return None

            def cancelled(self):
                return False

        deferred = Deferred()
        p = Lwt.promise(deferred)
        Lwt.on_success(Lwt.pause(), lambda _: deferred.callbacks[0](deferred))
        assert Lwt.run(p) == "result"

    def test_pauses_and_coroutines_together(self):
        log = []

        def body(i):
            log.append(i)
            return [Lwt.pause, lambda: answer(1), lambda: Lwt.sleep(0.0), lambda: Lwt.unit][i % 4]()

        Lwt.run(Lwt.join([Lwt.for_each(range(200), body) for _ in range(5)]))
        assert len(log) == 1000

    def test_our_threads_do_not_starve_theirs(self):
        done = []
        p = Lwt.map(answer(1, 0.01), done.append)
        Lwt.run(Lwt.while_(lambda: not done, lambda: Lwt.pause()))
        assert Lwt.state(p) == "fulfilled"

    def test_blocks_without_spinning(self):
        used = time.process_time()
        Lwt.run(Lwt.both(answer(1, 0.2), Lwt.sleep(0.2)))
        assert time.process_time() - used < 0.1

    def test_tasks_left_over_are_canceled(self):
        seen = []

        async def forever():
            try:
                await asyncio.sleep(3600)
            finally:
                seen.append("canceled")

        Lwt.run(Lwt.bind(Lwt.return_(Lwt.promise(forever())), lambda _: answer(1)))
        assert seen == ["canceled"]

    def test_run_after_run(self):
        for i in range(3):
            assert Lwt.run(answer(i)) == i


class TestOursInTheirs:
    def test_await(self):
        async def main():
            one = await Lwt.bind(Lwt.pause(), lambda _: Lwt.return_(1))
            await Lwt.sleep(0.0)
            two = await asyncio.gather(Lwt.map(Lwt.sleep(0.001), lambda _: 2), Lwt.return_(3))
            four = await asyncio.wait_for(Lwt.map(Lwt.pause(), lambda _: 4), 10)
            five = await asyncio.ensure_future(Lwt.return_(5))
            return [one, *two, four, five]

        for _ in range(2):  # a second loop, after the first is closed
            assert asyncio.run(main()) == [1, 2, 3, 4, 5]

    def test_await_raises(self):
        async def main():
            with pytest.raises(Boom):
                await Lwt.map(Lwt.pause(), lambda _: (_ for _ in ()).throw(Boom()))
            with pytest.raises(Boom):
                await Lwt.fail(Boom())

        asyncio.run(main())

    def test_timeout_cancels(self):
        async def main():
            p, _ = Lwt.task()
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(p, 0.001)
            return p

        p = asyncio.run(main())
        with pytest.raises(Lwt.Canceled):
            Lwt.poll(p)

    def test_run_is_refused(self):
        async def main():
            with pytest.raises(RuntimeError, match="await p"):
                Lwt.run(Lwt.unit)

        asyncio.run(main())

    def test_there_and_back(self):
        async def theirs(n):
            return n if n == 0 else 1 + await ours(n - 1)

        def ours(n):
            return Lwt.map(theirs(n), lambda v: v)

        assert Lwt.run(ours(20)) == 20

    def test_a_loop_abandoned_with_threads_ready(self):
        async def main():
            Lwt.pause()

        asyncio.run(main())
        assert Lwt.run(Lwt.map(Lwt.pause(), lambda _: 1)) == 1

        async def again():
            return await Lwt.map(Lwt.pause(), lambda _: 2)

        assert asyncio.run(again()) == 2


class TestStreams:
    def test_a_thousand_connections(self):
        """An echo server whose connections are threads of ours, called by asyncio."""
        clients = 1000

        served = []

        def connection(reader, writer):
            def after_line(line):
                writer.write(line.upper())
                return Lwt.bind(Lwt.pause(), lambda _: writer.drain())

            def close():
                writer.close()
                return Lwt.map(writer.wait_closed(), lambda _: None)

            def talk(_):
                return Lwt.bind(reader.readline(), after_line)

            served.append(Lwt.finalize(lambda: Lwt.bind(Lwt.sleep(0.0), talk), close))

        def client(port, i):
            def talk(streams):
                reader, writer = streams
                writer.write(b"line %d\n" % i)

                def check(line):
                    writer.close()
                    assert line == b"LINE %d\n" % i
                    return Lwt.map(writer.wait_closed(), lambda _: 1)

                return Lwt.bind(reader.readline(), check)

            return Lwt.bind(asyncio.open_connection("127.0.0.1", port), talk)

        def with_server(server):
            port = server.sockets[0].getsockname()[1]
            everyone = Lwt.all([client(port, i) for i in range(clients)])

            def after_everyone(ones):
                server.close()
                return Lwt.map(Lwt.join(served), lambda _: sum(ones))

            return Lwt.bind(everyone, after_everyone)

        started = asyncio.start_server(connection, "127.0.0.1", 0, backlog=clients)
        assert Lwt.run(Lwt.bind(started, with_server)) == clients


class TestTurns:
    def test_sleeping_threads_take_one_turn_a_lap(self):
        """While a future of asyncio's is outstanding, I/O is polled between turns: there must not be many."""
        turns = []

        def count():
            handles = [*scheduler.loop._ready, *scheduler.loop._scheduled]
            alive = [h for h in handles if not h.cancelled() and h._callback == turn]
            turns.append(len(alive))

        def thread(outstanding):
            nonlocal turn
            turn = scheduler.driver.turn
            rounds = Lwt.for_each(range(5000), lambda _: Lwt.map(Lwt.sleep(0.0), lambda _: count()))
            return Lwt.map(rounds, lambda _: outstanding.set_result(None))

        async def main():
            outstanding = asyncio.get_running_loop().create_future()
            waiting = Lwt.map(outstanding, lambda _: None)
            await Lwt.promise(asyncio.sleep(0))
            await thread(outstanding)
            await waiting

        turn = None
        Lwt.run(main())
        assert len(turns) == 5000  # many slices of time
        assert max(turns) <= 1
