"""Replays what `trivet netlink monitor -j --initial` says, and compares it with `ip -j`.

The state is made from the stream alone: each line must fit what the lines before it said, and at
every quiet point the result must be what iproute2 sees.
"""

import json
import os
import select
import signal
import subprocess
import time

PATIENCE = 20.0  # seconds; a state that is not reached by then is wrong

# Left out by `ip -j`, and there with -d.
DETAILS = {"min_mtu", "max_mtu", "linkinfo", "num_tx_queues", "num_rx_queues"}
# They run by themselves.
TIMES = ("valid_life_time", "preferred_life_time", "expires")
FOREVER = 0xFFFFFFFF


def run(words, text=""):
    """Runs a program; fails the test, with its own words, where it fails."""
    done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def ip(*words):
    """What iproute2 says."""
    return run(["ip", *words])


def batch(lines):
    """Many commands of iproute2 at once."""
    run(["ip", "-batch", "-"], "\n".join(lines) + "\n")


def ip_json(*words):
    text = ip("-j", *words)
    return [entry for entry in json.loads(text or "[]") if entry]


def indexed(value, names):
    """With numbers for the names of other links: a link that is renamed changes no other object."""
    if isinstance(value, list):
        return [indexed(element, names) for element in value]
    if not isinstance(value, dict):
        return value
    return {key: names.get(inner, inner) if key in ("dev", "link", "master")
            else indexed(inner, names) for key, inner in value.items()}


def canonical(kind, document, names):
    """A document without what may differ between two that mean the same."""
    result = {key: value for key, value in document.items() if key not in ("event", "object")}
    result = indexed(result, names)
    for key in TIMES:
        if key in result and result[key] != FOREVER:
            result[key] = "passing"
    if kind == "link":
        # Follows from the flags of another link.
        result["flags"] = [flag for flag in result["flags"] if flag != "M-DOWN"]
    if kind == "addr":
        result.pop("protocol", None)  # unknown to iproute2 6.1
    if kind == "route" and ":" in json.dumps(result.get("nexthops", "")):
        # The order of IPv6 hops means nothing: events and dumps give it differently.
        result["nexthops"] = sorted(result["nexthops"], key=json.dumps)
    return json.dumps(result, sort_keys=True)


class Disagreement(Exception):
    """The stream contradicts itself, or iproute2."""


class Monitor:
    """A running `trivet netlink monitor`, and the state that its lines add up to."""

    def __init__(self, trivet, *options):
        # A file, and not a pipe: nobody has to read it while the monitor writes.
        self.errors = open("monitor.err", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [trivet, "netlink", "monitor", "-j", "--initial", *options],
            stdout=subprocess.PIPE, stderr=self.errors)
        self.rest = b""
        self.objects = {"link": {}, "addr": {}, "route": {}}
        self.names = {}
        self.counts = {}
        self.lines = []

    def read(self, seconds):
        """Takes what the stream has; waits for it that long. False at the deadline."""
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        if not ready:
            return False
        data = os.read(self.process.stdout.fileno(), 1 << 20)
        if not data:
            status, text = self.ended()
            raise Disagreement(f"the monitor ended with {status}: {text}")
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            self.take(json.loads(line))
        return True

    def take(self, document):
        self.lines.append(document)
        event = document["event"]
        self.counts[event] = self.counts.get(event, 0) + 1
        kind = document.get("object")
        if kind is None:
            return
        self.counts[kind] = self.counts.get(kind, 0) + (event != "present")
        if event in ("changed", "removed"):
            old = document
            if event == "changed":
                old = {key: value for key, value in document.items() if key != "old"}
                for key, value in document["old"].items():
                    if value is None and key != "link":
                        old.pop(key, None)
                    else:
                        old[key] = value
            self.drop(kind, old, document)
        if kind == "link" and self.names.get(document["ifname"]) != document["ifindex"]:
            self.names[document["ifname"]] = document["ifindex"]
            # One that came before may stand on this one.
            known = self.objects["link"].values()
            self.objects["link"] = {canonical("link", value, self.names): value
                                    for value in known}
        if event in ("present", "added", "changed"):
            new = {key: value for key, value in document.items() if key != "old"}
            key = canonical(kind, new, self.names)
            if key in self.objects[kind]:
                raise Disagreement(f"told twice: {document}")
            self.objects[kind][key] = new

    def drop(self, kind, old, document):
        key = canonical(kind, old, self.names)
        if key not in self.objects[kind]:
            known = "\n".join(sorted(self.objects[kind]))
            raise Disagreement(f"not there before: {document}\n  as {key}\nknown:\n{known}")
        del self.objects[kind][key]

    def differences(self, kinds):
        """What iproute2 has and the stream has not, and the other way round."""
        texts = []
        names = {entry["ifname"]: entry["ifindex"] for entry in ip_json("link")}
        for kind in kinds:
            expected = {canonical(kind, value, names) for value in KINDS[kind]()}
            known = {canonical(kind, self.plain(kind, value), self.names)
                     for value in self.objects[kind].values()}
            texts += [f"missing {kind} {key}" for key in sorted(expected - known)]
            texts += [f"too many {kind} {key}" for key in sorted(known - expected)]
        return texts

    @staticmethod
    def plain(kind, document):
        if kind != "link":
            return document
        return {key: value for key, value in document.items() if key not in DETAILS}

    def settle(self, kinds=("link", "addr", "route")):
        """Waits until the stream's state is that of iproute2."""
        deadline = time.monotonic() + PATIENCE
        while True:
            while self.read(0):
                pass
            texts = self.differences(kinds)
            if not texts:
                return
            if time.monotonic() > deadline:
                raise Disagreement("after 20 s:\n" + "\n".join(texts[:40]))
            self.read(0.1)

    def stop(self):
        """Ends the stream as a user does; returns its summary."""
        self.process.send_signal(signal.SIGINT)
        while True:
            ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
            if not ready:
                raise Disagreement("the monitor did not end")
            data = os.read(self.process.stdout.fileno(), 1 << 20)
            if not data:
                break
            *lines, self.rest = (self.rest + data).split(b"\n")
            for line in lines:
                self.take(json.loads(line))
        status, text = self.ended()
        if status != 0:
            raise Disagreement(f"the monitor ended with {status}: {text}")
        return text

    def ended(self):
        """The exit status and what it said; once its output has ended."""
        status = self.process.wait(PATIENCE)
        self.errors.seek(0)
        return status, self.errors.read().strip()


def links():
    return ip_json("link")


def addresses():
    return [{"index": link["ifindex"], "dev": link["ifname"], **entry}
            for link in ip_json("addr") for entry in link.get("addr_info", [])]


def routes():
    return [entry for family in ("-4", "-6")
            for entry in ip_json(family, "route", "show", "table", "all")]


KINDS = {"link": links, "addr": addresses, "route": routes}


def check_details(monitor):
    """The members beyond `ip -j link` are those of `ip -d -j link`."""
    details = {entry["ifindex"]: entry for entry in ip_json("-d", "link")}
    for document in monitor.objects["link"].values():
        other = details[document["ifindex"]]
        for key in DETAILS & document.keys():
            expected = other.get(key)
            if key == "linkinfo":
                expected = {name: expected[name] for name in ("info_kind", "info_slave_kind")
                            if name in expected}
            if document[key] != expected:
                raise Disagreement(f"{key}: {document[key]} instead of {expected}: {document}")
