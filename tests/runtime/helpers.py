"""What most tests of the runtime need."""

from lwtsyntax import runtime as Lwt


class Boom(Exception):
    pass


class Abort(BaseException):
    pass


def later(value=None, error=None):
    """A pending promise that a following `pause` generation resolves."""
    p, r = Lwt.wait()
    if error is None:
        Lwt.on_termination(Lwt.pause(), lambda: Lwt.wakeup(r, value))
    else:
        Lwt.on_termination(Lwt.pause(), lambda: Lwt.wakeup_exn(r, error))
    return p


def outcome(p):
    """("fulfilled", value) or ("rejected", exception), run if need be."""
    try:
        return "fulfilled", Lwt.run(p) if Lwt.is_sleeping(p) else Lwt.poll(p)
    except BaseException as error:  # noqa: BLE001 - any outcome
        return "rejected", error


def raise_(error):
    raise error
