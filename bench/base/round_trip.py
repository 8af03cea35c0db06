#!/usr/bin/python3
"""The same round trips by CPython's socket module, one thread, median of rounds."""

import socket
import statistics
import time

MESSAGE = bytes(64)
TRIPS = 1000
ROUNDS = 51


def trip(near, far):
    near.send(MESSAGE)
    far.recv(64)
    far.send(MESSAGE)
    near.recv(64)


def measure(name, near, far):
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter_ns()
        for _ in range(TRIPS):
            trip(near, far)
        times.append((time.perf_counter_ns() - start) / TRIPS)
    label = f"CPython, {name}, one thread"
    print(f"{label:<46}{statistics.median(times):>9.0f} ns")


def udp_pair():
    near, far = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
    for one in (near, far):
        one.bind(("127.0.0.1", 0))
    near.connect(far.getsockname())
    far.connect(near.getsockname())
    return near, far


print()
measure("AF_UNIX stream", *socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM))
measure("AF_UNIX datagram", *socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM))
measure("UDP on loopback", *udp_pair())
