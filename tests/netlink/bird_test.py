#!/usr/bin/python3
"""BIRD loads, changes and withdraws 100,000 routes while links flap and rules and nexthops are
replaced; at each quiet point the monitor's state is that of iproute2.

usage: bird_test.py TRIVET
"""

import os
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True  # the folder is the source's

# pylint: disable=wrong-import-position
from monitor_stream import Disagreement, Monitor, batch, ip, run

CONFIGURATION = """
router id 10.0.0.1;
protocol device { scan time 3600; }
protocol kernel { scan time 3600; ipv4 { import none; export all; }; }
protocol static {
  ipv4;
  include "routes.conf";
}
"""


class Bird:
    """The daemon, with the routes of a file."""

    def __init__(self):
        with open("bird.conf", "w", encoding="ascii") as file:
            file.write(CONFIGURATION)
        self.write({})
        self.process = subprocess.Popen(["bird", "-f", "-c", "bird.conf", "-s", "bird.ctl"])
        while not self.listens():
            if self.process.poll() is not None:
                raise SystemExit(f"bird ended with {self.process.returncode}")

    @staticmethod
    def listens():
        asked = subprocess.run(["birdcl", "-s", "bird.ctl", "show", "status"], check=False,
                               capture_output=True)
        return asked.returncode == 0

    @staticmethod
    def write(routes):
        with open("routes.conf", "w", encoding="ascii") as file:
            file.writelines(f"route {prefix} via {gateway};\n"
                            for prefix, gateway in routes.items())

    def set(self, routes):
        """Replaces all routes; returns once the kernel has been told of each."""
        self.write(routes)
        run(["birdcl", "-s", "bird.ctl", "configure", '"bird.conf"'])
        while ip("-4", "route", "show", "proto", "bird").count("\n") != len(routes):
            if self.process.poll() is not None:
                raise SystemExit(f"bird ended with {self.process.returncode}")

    def stop(self):
        self.process.terminate()
        self.process.wait()


def make_links():
    batch([
        "link add v0 type veth peer name v1",
        "link add w0 type veth peer name w1",
        "link add x0 type veth peer name x1",
        "link set v0 up", "link set v1 up", "link set w0 up", "link set w1 up", "link set x0 up",
        "addr add 10.3.0.1/24 dev x0",
        "addr add 10.0.0.1/24 dev v0", "addr add 10.1.0.1/24 dev w0",
        "nexthop add id 1 via 10.1.0.41 dev w0", "nexthop add id 2 via 10.1.0.42 dev w0",
        "nexthop add id 9 group 1/2", "route add 10.2.0.0/16 nhid 9",
    ])


class Disturbance:
    """Links that flap, rules and nexthops that are replaced, beside the routes."""

    def __enter__(self):
        self.stopped = threading.Event()
        self.rounds = 0
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        return self

    def run(self):
        while not self.stopped.is_set():
            self.rounds += 1
            batch([
                "link set x1 up", "link set x1 down", "link set x0 down", "link set x0 up",
                "link set w0 mtu 1400",
                "rule add pref 1000 to 10.0.0.0/8 iif w0 table 77",
                "nexthop replace id 1 via 10.1.0.43 dev w0", "nexthop replace id 9 group 1,2/2",
                "rule del pref 1000 to 10.0.0.0/8 iif w0 table 77", "link set w0 mtu 1500",
                "nexthop replace id 1 via 10.1.0.41 dev w0", "nexthop replace id 9 group 1/2",
            ])

    def __exit__(self, *_):
        self.stopped.set()
        self.thread.join()


def settle(monitor, step, start):
    try:
        monitor.settle()
    except Disagreement as problem:
        raise SystemExit(f"step '{step}': {problem}") from problem
    print(f"ok: {step}: {len(monitor.objects['route'])} routes, {len(monitor.lines)} lines, "
          f"{monitor.counts.get('overrun', 0)} overruns, {time.monotonic() - start:.1f} s",
          flush=True)


def churn(trivet, options, count):
    make_links()
    bird = Bird()
    monitor = Monitor(trivet, *options)
    prefixes = [f"10.{128 + i // 65536}.{i // 256 % 256}.{i % 256}/32" for i in range(count)]
    routes = dict.fromkeys(prefixes, "10.0.0.2")

    def step(name, change):
        start = time.monotonic()
        with Disturbance() as disturbance:
            change()
        print(f"   {disturbance.rounds} rounds of other changes")
        settle(monitor, name, start)

    step("loaded", lambda: bird.set(routes))
    for prefix in prefixes[::2]:
        del routes[prefix]
    for prefix in prefixes[1::4]:
        routes[prefix] = "10.0.0.3"
    step("half withdrawn, a quarter changed", lambda: bird.set(routes))
    ip("link", "set", "v1", "down")
    start = time.monotonic()
    ip("link", "set", "v0", "down")
    settle(monitor, "the link down, and its routes with it", start)
    bird.stop()
    print(monitor.stop())
    for link in ("v0", "w0", "x0"):
        ip("link", "del", link)
    if monitor.counts.get("resync_begin") != monitor.counts.get("resync_end"):
        raise SystemExit(f"resyncs do not match: {monitor.counts}")
    return monitor.counts


def main():
    trivet = os.path.abspath(sys.argv[1])
    os.chdir(os.environ.get("TEST_TMPDIR", "/tmp"))
    count = 100000 if os.environ.get("TRIVET_LAB_KERNEL") == "host" else 4000
    counts = churn(trivet, ["--receive-buffer", "4096"], count)
    if not counts.get("overrun"):
        raise SystemExit(f"4 KiB held {count} routes: {counts}")
    churn(trivet, [], count)


if __name__ == "__main__":
    main()
