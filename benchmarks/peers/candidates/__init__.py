"""One module for each candidate, written as its own community would.

Each has some of these functions; what it has not, it does not take part in:

- ``basic(kind, iterations, yields)``: nested loops of waits; how many there were;
- ``recurse(kind, times, depth)``: so many times a sum by recursion that is not in tail position, with a wait on
  every level; the sum of those sums;
- ``tail(count)``: a recursion in tail position, with a medium wait on every level; how many levels;
- ``row(count)``: so many times four waits in a row that resolve at once; the sum of their values, 10 a time;
- ``park(count, probe)``: so many threads, three calls deep, each waiting for something of its own, which
  then happens; calls ``probe`` when all are parked;
- ``polled(kind, waits, every, sent, arrived)``: so many waits by one thread, which ``every`` so many sends a byte
  through a pair of sockets, while another one reads them; how many those are.  ``sent()`` and
  ``arrived(how_many)`` tell of them;
- ``echo(connections, started)``: a server on a free port of 127.0.0.1 (``started(port)`` tells) that sends back what
  it reads until so many connections have come and gone; the bytes it has read.

``kind`` is "quick" (resolves at once), "medium" (lets the others run) or "slow" (goes through the timers,
for no time).
"""
