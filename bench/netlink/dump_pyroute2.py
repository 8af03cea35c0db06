#!/usr/bin/python3
"""A dump of the IPv4 routes by pyroute2: one line as bench/netlink/dump prints it, without ratio.

usage: dump_pyroute2.py ROUTES
"""

import resource
import socket
import sys
import time

from pyroute2 import IPRoute


def resident():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def main():
    count = int(sys.argv[1])
    times = []
    memory = 0
    for _ in range(3):
        before = resident()
        start = time.process_time()
        with IPRoute() as kernel:
            routes = list(kernel.get_routes(family=socket.AF_INET))
        times.append((time.process_time() - start) * 1000)
        memory = max(memory, resident() - before)
        if len(routes) < count:
            sys.exit(f"pyroute2 has {len(routes)} of {count} routes")
        del routes
    times.sort()
    print(f"pyroute2 get_routes\t{times[1]:.1f}\t{times[0]:.1f}\t\t\t\t{memory / count:.1f}")


if __name__ == "__main__":
    main()
