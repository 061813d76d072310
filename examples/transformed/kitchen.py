"""A kitchen with one oven, in keyword spelling.

    lwtsyntax run examples/kitchen.lwt

Every dish is a thread. They share the oven, one of them burns, and the guests have no patience.
"""

from lwtsyntax import runtime as Lwt


class Burnt(Exception):
    pass


class Oven:
    """Takes one dish at a time: whoever comes later waits."""

    busy = False

    def __aenter__(self):
        try:

            def after_loop(_):
                self.busy = True
                return self

            return Lwt.map(
                Lwt.while_(lambda: self.busy, lambda: Lwt.pause()), after_loop
            )
        except BaseException as error:
            return Lwt.failed(error)

    def __aexit__(self, *_):
        try:

            def after_pause(_):
                self.busy = False

            return Lwt.map(Lwt.pause(), after_pause)
        except BaseException as error:
            return Lwt.failed(error)


def chop(what):
    try:
        return Lwt.map(Lwt.pause(), lambda _: f"chopped {what}")
    except BaseException as error:
        return Lwt.failed(error)


def bake(dish, oven):
    try:

        def body(_):
            def after_sleep(_):
                if dish == "soufflé":
                    raise Burnt(dish)

            return Lwt.map(Lwt.sleep(0.001), after_sleep)

        return Lwt.map(Lwt.using_lwt(oven, body), lambda _: f"baked {dish}")
    except BaseException as error:
        return Lwt.failed(error)


def cook(dish, oven):
    try:

        def with_value(value):
            side, main = value
            return f"{main} with {side}"

        return Lwt.map(Lwt.both(chop("parsley"), bake(dish, oven)), with_value)
    except BaseException as error:
        return Lwt.failed(error)


def has_room(plates):
    try:
        return Lwt.map(Lwt.pause(), lambda _: len(plates) < 2)
    except BaseException as error:
        return Lwt.failed(error)


def serve(plate, plates):
    try:

        def with_value(value):
            if value:
                plates.append(plate)
                print("served:", plate)
            else:
                print("too late:", plate)

        return Lwt.map(has_room(plates), with_value)
    except BaseException as error:
        return Lwt.failed(error)


def dinner(dishes):
    try:
        oven, plates = Oven(), []
        cooking = [cook(dish, oven) for dish in dishes]  # all at once

        def each(promise):
            def on_value(value):
                match value:
                    case plate:
                        return Lwt.implicit_wait(serve(plate, plates))

            def on_error(error):
                match error:
                    case Burnt(args=[dish]):
                        print("burnt:", dish)
                    case _:
                        raise
                return Lwt.unit

            return Lwt.try_bind(lambda: Lwt.promise(promise), on_value, on_error)

        def after_loop(_):
            assert not oven.busy
            return Lwt.promise(Lwt.return_(len(plates)))

        return Lwt.bind(Lwt.for_each(cooking, each), after_loop)
    except BaseException as error_2:
        return Lwt.failed(error_2)


served = Lwt.run(dinner(["bread", "soufflé", "pie", "cake"]))
print(served, "plates")
