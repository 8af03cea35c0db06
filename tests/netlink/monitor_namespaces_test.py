#!/usr/bin/python3
"""`trivet netlink monitor --all-netns` against iproute2, while namespaces come and go.

usage: monitor_namespaces_test.py TRIVET

What each namespace has is made from the stream alone; at every quiet point it must be what
`ip -n NAME -j` sees.
"""

import json
import os
import select
import signal
import subprocess
import sys
import time
from random import Random

sys.dont_write_bytecode = True  # the folder is the source's

# pylint: disable=wrong-import-position
import monitor_stream
from monitor_stream import NOUNS, PATIENCE, Disagreement, Monitor, canonical, run

OWN = "/proc/self/ns/net"


def ip_of(name):
    """What iproute2 says in a namespace."""
    return lambda *words: run(["ip", *([] if name == OWN else ["-n", name]), *words])


class Space(Monitor):
    """One namespace, as the lines about it add up."""

    def __init__(self):  # pylint: disable=super-init-not-called
        self.objects = {noun: {} for noun in NOUNS}
        # How a link is called whose event was lost when another speaks of it.
        self.names = {f"if{index}": index for index in range(1, 100)}
        self.counts = {}
        self.lines = []

    def differences_in(self, name):
        monitor_stream.ip = ip_of(name)
        return [f"{name}: {text}" for text in self.differences(NOUNS)]


class Stream:
    """A running `monitor --all-netns`."""

    def __init__(self, trivet, *options):
        self.process = subprocess.Popen(
            [trivet, "netlink", "monitor", "-j", "--all-netns", "--initial", *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.rest = b""
        self.spaces = {}
        self.counts = {}
        self.last = None

    def take(self, document):
        self.last = document
        if "event" not in document:  # the table at the end
            return
        name = document.pop("netns")
        event = document["event"]
        if document.get("object") == "netns":
            self.counts[event] = self.counts.get(event, 0) + 1
            if event in ("present", "appeared"):
                if name in self.spaces:
                    raise Disagreement(f"{name} {event} twice")
                self.spaces[name] = Space()
            elif event == "vanished":
                del self.spaces[name]
            elif event == "renamed":
                before = document["old"].get("netns", name)
                self.spaces[name] = self.spaces.pop(before)
            else:
                raise Disagreement(f"{name}: {document}")
            return
        if event in ("overrun", "resync_begin", "resync_end"):
            self.counts[event] = self.counts.get(event, 0) + 1
        self.spaces[name].take(document)

    def read(self, seconds):
        """Takes what there is; false at the deadline, None at the end."""
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        if not ready:
            return False
        data = os.read(self.process.stdout.fileno(), 1 << 20)
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            self.take(json.loads(line))
        return True if data else None

    def differences(self, names):
        texts = [f"{name} is not told of" for name in sorted(names - self.spaces.keys())]
        texts += [f"{name} is still told of" for name in sorted(self.spaces.keys() - names)]
        for name in names & self.spaces.keys():
            texts += self.spaces[name].differences_in(name)
        return texts

    def settle(self, names, step):
        deadline = time.monotonic() + PATIENCE
        while True:
            while self.read(0):
                pass
            texts = self.differences(names)
            if not texts:
                print(f"ok: {step}: {len(names)} namespaces, {self.counts}", flush=True)
                return
            if time.monotonic() > deadline:
                raise SystemExit(f"{step}, after 20 s:\n" + "\n".join(texts[:40]))
            if self.read(0.1) is None:
                raise SystemExit(f"{step}: it ended: {self.process.stderr.read().decode()}")

    def wait_for(self, condition, what):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise SystemExit(f"{what}: not told: {sorted(self.spaces)}")
            self.read(0.1)

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        while self.read(PATIENCE):
            pass
        errors = self.process.stderr.read().decode().strip()
        if self.process.wait(PATIENCE) != 0:
            raise SystemExit(f"it ended with {self.process.returncode}: {errors}")
        return errors


class Namespaces:
    """The named ones, with a pair of links in each."""

    def __init__(self, seed):
        self.random = Random(seed)
        self.living = []
        self.made = 0

    def names(self):
        return {OWN, *self.living}

    def add(self):
        name = f"s{self.made}"
        self.made += 1
        run(["ip", "netns", "add", name])
        self.living.append(name)
        self.batch(name, ["link set lo up", "link add v0 type veth peer name v1",
                          "link set v0 up", "link set v1 up", "addr add 192.0.2.1/24 dev v0"])

    def remove(self):
        name = self.random.choice(self.living)
        self.living.remove(name)
        run(["ip", "netns", "del", name])

    def batch(self, name, lines):
        subprocess.run(["ip", "-n", name, "-force", "-batch", "-"], input="\n".join(lines) + "\n",
                       text=True, check=False, capture_output=True)

    def change(self, count):
        """Links flap, and routes and the like come and go, in one of them."""
        lines = []
        pick = self.random.randrange
        for _ in range(count):
            verb = self.random.choice(("replace", "replace", "del"))
            lines += self.random.choice((
                ["link set v0 down", "link set v0 up"], [f"link set v1 mtu {1300 + pick(100)}"],
                [f"addr {verb} 192.0.2.{10 + pick(9)}/24 dev v0"],
                [f"neigh {verb} 192.0.2.{50 + pick(9)} lladdr 02:00:00:00:00:01 dev v0"],
                [f"rule {'del' if verb == 'del' else 'add'} pref {100 + pick(9)} table 9"],
                *[[f"route {verb} 10.{pick(4)}.{pick(200)}.0/24 via 192.0.2.77"]] * 6))
        self.batch(self.random.choice(self.living), lines)

    def burst(self):
        """More than a small buffer holds, in one that stays."""
        self.batch(self.living[0], [f"route replace 10.99.{i}.0/24 via 192.0.2.77"
                                    for i in range(50)])


def churn(trivet, buffer, rounds, count):
    there = Namespaces(buffer)
    for _ in range(count):
        there.add()
    stream = Stream(trivet, "--table", "--receive-buffer", str(buffer))
    stream.settle(there.names(), f"{buffer}: the beginning")
    before = stream.descriptors(), len(there.living)
    for number in range(rounds):
        if number == 0:
            # Nobody reads: a small buffer must overrun.
            stream.process.send_signal(signal.SIGSTOP)
        for _ in range(count):
            there.change(15 * count)
            if there.random.randrange(2):
                there.add()
            if len(there.living) >= count:
                there.remove()
        if number == 0:
            there.burst()
        stream.process.send_signal(signal.SIGCONT)
        stream.settle(there.names(), f"{buffer}: round {number}")
    if buffer == 4096 and not stream.counts.get("overrun"):
        raise SystemExit("4 KiB held it all")
    if stream.counts.get("resync_begin") != stream.counts.get("resync_end"):
        raise SystemExit(f"resyncs do not match: {stream.counts}")
    while len(there.living) < before[1]:
        there.add()
    while len(there.living) > before[1]:
        there.remove()
    stream.settle(there.names(), f"{buffer}: as many as at the beginning")
    if stream.descriptors() != before[0]:
        raise SystemExit(f"{stream.descriptors()} descriptors instead of {before[0]}")
    summary = stream.stop()
    print(summary)
    check_table(stream, there)
    while there.living:
        there.remove()


def check_table(stream, there):
    """The last line has what the lines before it add up to, which `ip -j` has confirmed."""
    table = stream.last["table"]
    if table.keys() != there.names():
        raise SystemExit(f"table of {sorted(table)}")
    for name, objects in table.items():
        space = stream.spaces[name]
        objects["addr"] = [{"index": link["ifindex"], "dev": link["ifname"], **address}
                           for link in objects["addr"] for address in link["addr_info"]]
        for noun in NOUNS:
            last = {canonical(noun, value, space.names) for value in objects[noun]}
            told = {canonical(noun, value, space.names) for value in space.objects[noun].values()}
            if last != told:
                raise SystemExit(f"{name} {noun}: {last ^ told} is in one of them only")


def lives(trivet):
    """Names that come and go while somebody holds their namespace, and others than one name."""
    stream = Stream(trivet, "link")
    stream.wait_for(lambda: OWN in stream.spaces, "the own one")
    run(["ip", "netns", "add", "held"])
    run(["ip", "netns", "add", "peer"])
    with open("/run/netns/plain", "w", encoding="ascii"):
        pass
    stream.wait_for(lambda: {"held", "peer"} <= stream.spaces.keys(), "two that appear")
    holder = subprocess.Popen(["ip", "netns", "exec", "held", "sleep", "1000"])
    # The holder is in it once it has started its program.
    deadline = time.monotonic() + PATIENCE
    while os.stat(f"/proc/{holder.pid}/ns/net").st_ino != os.stat("/run/netns/held").st_ino:
        if time.monotonic() > deadline:
            raise SystemExit("the holder does not start")
    run(["ip", "netns", "del", "held"])
    stream.wait_for(lambda: "held" not in stream.spaces, "held, whose name is gone")
    run(["ip", "netns", "attach", "again", str(holder.pid)])
    stream.wait_for(lambda: "again" in stream.spaces, "a name for it")
    run(["ip", "netns", "attach", "also", str(holder.pid)])
    run(["ip", "netns", "del", "again"])
    stream.wait_for(lambda: "also" in stream.spaces and "again" not in stream.spaces, "another")
    run(["ip", "netns", "del", "also"])
    stream.wait_for(lambda: "also" not in stream.spaces, "no name")
    holder.kill()
    holder.wait()
    # A namespace that the monitor held would keep its end of the pair.
    run(["ip", "link", "add", "v0", "type", "veth", "peer", "name", "v1", "netns", "peer"])
    def pair():
        return any('"v0"' in link for link in stream.spaces[OWN].objects["link"])
    stream.wait_for(pair, "the pair")
    run(["ip", "netns", "del", "peer"])
    stream.wait_for(lambda: not pair(), "the end of the pair")
    os.unlink("/run/netns/plain")
    print(stream.stop())


def main():
    trivet = os.path.abspath(sys.argv[1])
    os.chdir(os.environ.get("TEST_TMPDIR", "/tmp"))
    host = os.environ.get("TRIVET_LAB_KERNEL") == "host"
    lives(trivet)
    for buffer in (4096, 65536, 8 << 20) if host else (4096,):
        # An emulated kernel takes its time.
        churn(trivet, buffer, *((3, 4) if host else (1, 2)))


if __name__ == "__main__":
    main()
