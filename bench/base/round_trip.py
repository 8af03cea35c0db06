"""The same round trips through CPython's socket module, for comparison.

Prints, like round_trip: case, contender, nanoseconds, nanoseconds undisturbed, separated by tabs.
"""

import os
import socket
import statistics
import sys
import time

SIZE = 64
ROUNDS = 60


def unix_pair(kind):
    return socket.socketpair(socket.AF_UNIX, kind)


def udp_pair():
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind(("127.0.0.1", 0))
    other.bind(("127.0.0.1", 0))
    one.connect(other.getsockname())
    other.connect(one.getsockname())
    return one, other


def pin(cpu):
    try:
        os.sched_setaffinity(0, {cpu})
    except OSError:
        pass


def calls(one, other, count):
    data = bytes(SIZE)
    for _ in range(count):
        one.send(data)
        other.recv(2 * SIZE)


def trips(one, _, count):
    data = bytes(SIZE)
    for _ in range(count):
        one.send(data)
        one.recv(2 * SIZE)


def echo(other):
    while data := other.recv(2 * SIZE):
        other.send(data)


def start_echo(one, other, cpu):
    """In a process: two threads would share one interpreter's lock."""
    child = os.fork()
    if child == 0:
        pin(cpu)
        one.close()
        echo(other)
        os._exit(0)
    other.close()
    return child


def nanoseconds(work, one, other):
    """The median, and the fastest tenth."""
    count = 200
    work(one, other, count)
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter_ns()
        work(one, other, count)
        times.append((time.perf_counter_ns() - start) / count)
    return statistics.median(times), statistics.quantiles(times, n=10)[0]


def main():
    spread = len(os.sched_getaffinity(0)) > 1
    pin(0)
    pairs = {
        "unix-stream": lambda: unix_pair(socket.SOCK_STREAM),
        "unix-dgram": lambda: unix_pair(socket.SOCK_DGRAM),
        "udp": udp_pair,
    }
    for kind, far_cpu in [("call", None), ("trip", 0)] + ([("trip2", 1)] if spread else []):
        for name, make in pairs.items():
            one, other = make()
            if far_cpu is None:
                times = nanoseconds(calls, one, other)
            else:
                child = start_echo(one, other, far_cpu)
                times = nanoseconds(trips, one, other)
                if name == "unix-stream":
                    one.shutdown(socket.SHUT_WR)
                else:
                    one.send(b"")
                os.waitpid(child, 0)
            print(f"{kind}/{name}", "CPython socket", *(f"{t:.1f}" for t in times), sep="\t")
            sys.stdout.flush()
            one.close()
            other.close()


main()
