"""Streams, from generator functions::

    @lwt_stream                       ≡    def numbers():
    def numbers(): BODY                        def produce(emit): BODY
                                               return Lwt.Stream(produce)
    yield v                           ≡    lwt(emit(v))

The promise that ``emit`` gives is fulfilled when somebody asks for the next value: back-pressure.
"""

from __future__ import annotations

from lwtsyntax.ir.direct import Function
from lwtsyntax.ir.output import Body, Def, Helper, Ref, ReturnOut
from lwtsyntax.names import Fresh

__all__ = ["produced"]


def produced(function: Function, body: Body, fresh: Fresh) -> Body:
    """*body*, guarded as a thread function's is, as the producer of a stream."""
    assert function.emit is not None
    name = fresh.of("producer")
    producer = Def(name, [function.emit], body, origin=function.origin)
    return [producer, ReturnOut(Helper("Stream", (Ref(name),)), origin=function.origin)]
