"""pyroute2 watching every named namespace from one process: an IPRoute opened in each.

Its NetNS, a process for each namespace, hangs with 20 of them (0.7.2).
"""

import resource
import select
import time

from pyroute2 import IPRoute, netns


def resident():
    """VmRSS in bytes."""
    with open("/proc/self/statm", encoding="ascii") as line:
        return int(line.read().split()[1]) * resource.getpagesize()


def main():
    before = resident()
    start = time.monotonic()
    cpu = time.process_time()
    spaces = []
    links = []
    poll = select.epoll()
    for name in netns.listnetns():
        netns.setns(name)
        space = IPRoute()
        space.bind()
        poll.register(space.fileno(), select.EPOLLIN)
        spaces.append(space)
        links.append(space.get_links())
    print(f"ready\t{time.monotonic() - start}")
    print(f"ready, CPU\t{time.process_time() - cpu}")
    print(f"memory\t{resident() - before}", flush=True)
    cpu = time.process_time()
    poll.poll(10)
    print(f"idle, CPU\t{time.process_time() - cpu}")


main()
