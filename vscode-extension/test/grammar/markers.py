"""Every form of the marker spelling.

lwt(not_this) for x in for_lwt(not_this):
"""
from lwtsyntax import exception, for_lwt, lwt, lwt_stream, match_lwt, while_lwt, with_lwt


@lwt
def bindings(xs):
    x = lwt(get(1))
    x, y = lwt(get(1), key=get(2))
    total += lwt (get(x)) + 1  # lwt(comment)
    text = f"{lwt(get(x))!r:>{lwt(get(y))}}" + "lwt(string)"
    return [lwt(f(x)) for x in for_lwt(xs) if lwt(p(x))]


@lwt_stream
def stream(xs):
    for x in for_lwt(xs):
        yield lwt(get(x))


@staticmethod
@lwt
def blocks(m):
    while while_lwt(m.more()):
        with with_lwt(m) as r, lwt(open(r)) as s:
            log(
                lwt(get(
                    r,
                    sep=1,
                )),
            )
    match match_lwt(get(m)):
        case exception(KeyError(args=[a])) as e if lwt(get(a)):
            return lwt(get(e))
        case Point(x=1):
            pass


def not_forms(lwt, for_lwt=3):
    lwt.x = self.lwt(3)
    lwts(lwt)
    a_lwt(lwt)
    lwt = [for_lwt]
    logger.exception("text")


def lwt(x): ...
class for_lwt(object): ...
@lwt.more
def other(): ...
@exception
def another(): ...
