from effects import box, get, log
from lwtsyntax import for_lwt, lwt, while_lwt


@lwt
def each(x):
    y = lwt(get(x))
    log("each", y)
    return y


@lwt
def main():
    total = 0
    for x in for_lwt([1, 2, 3]):
        if x == 2: continue
        total += lwt(get(x))
    else:
        lwt(get("else"))
    while while_lwt(total < 6):
        total += lwt(get(1))
    for (a, b) in for_lwt([(1, 2), (3, 4)]): each(a + b)
    # the body is a thread
    for i in for_lwt(range(2)):
        each(i)
    place = box("b")
    place.x = lwt(get(5))
    first, *rest = lwt(get([1, 2, 3]))
    number: int = lwt(get(7))  # by a continuation
    return total, place.x, first, rest, number
