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
from collections import Counter

QUIET = 0.05  # seconds without a word, after which it is worth while to compare
PATIENCE = 180.0  # seconds; a state that is not reached by then is wrong

# They run by themselves.
TIMES = ("valid_life_time", "preferred_life_time", "expires")
FOREVER = 0xFFFFFFFF
NOUNS = ("link", "addr", "route", "neigh", "rule", "nexthop")


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
    """Many commands of iproute2 at once; those that begin with -6 after the others."""
    run(["ip", "-batch", "-"], "".join(f"{line}\n" for line in lines if line[0] != "-"))
    rest = "".join(f"{line[3:]}\n" for line in lines if line[0] == "-")
    if rest:
        run(["ip", "-6", "-batch", "-"], rest)


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
    if kind == "neigh":
        # The kernel tells of no step from reachable to stale, nor of those of its probes.
        result.pop("state", None)
    if kind == "route" and ":" in json.dumps(result.get("nexthops", "")):
        # The order of IPv6 hops means nothing: events and dumps give it differently.
        result["nexthops"] = sorted(result["nexthops"], key=json.dumps)
    return json.dumps(result, sort_keys=True)


AGAIN = " again"  # behind the key of one that is there already


class Disagreement(Exception):
    """The stream contradicts itself, or iproute2."""


def rereading(options):
    """What a test waits for is to come by events: reading links now and then would hide that."""
    return [] if "--reread" in options or "--all-nsid" in options else ["--reread", "0"]


class Monitor:
    """A running `trivet netlink monitor`, and the state that its lines add up to."""

    def __init__(self, trivet, *options):
        # A file, and not a pipe: nobody has to read it while the monitor writes.
        self.errors = open("monitor.err", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [trivet, "netlink", "monitor", "-j", "--initial", *options, *rereading(options)],
            stdout=subprocess.PIPE, stderr=self.errors)
        self.rest = b""
        self.objects = {noun: {} for noun in NOUNS}
        self.names = {}
        self.counts = {}
        self.lines = []
        self.table = None  # of --table, at the end

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
        if "event" not in document:
            self.table = document["table"]
            return
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
            # Rules may differ in nothing but what is not shown, as who added them: after "ip rule
            # flush" the kernel's own rule of the table main is suspected to be there still.
            while kind == "rule" and key in self.objects[kind]:
                key += AGAIN
            if key in self.objects[kind]:
                raise Disagreement(f"told twice: {document}")
            self.objects[kind][key] = new

    def drop(self, kind, old, document):
        key = canonical(kind, old, self.names)
        while key + AGAIN in self.objects[kind]:
            key += AGAIN
        if key not in self.objects[kind]:
            known = "\n".join(sorted(self.objects[kind]))
            raise Disagreement(f"not there before: {document}\n  as {key}\nknown:\n{known}")
        del self.objects[kind][key]

    def differences(self, kinds):
        """What iproute2 has and the stream has not, and the other way round."""
        texts = []
        names = {entry["ifname"]: entry["ifindex"] for entry in ip_json("link")}
        for kind in kinds:
            several = Counter if kind == "rule" else set
            expected = several(canonical(kind, value, names) for value in KINDS[kind]())
            known = several(canonical(kind, value, self.names)
                            for value in self.objects[kind].values())
            texts += [f"missing {kind} {key}" for key in sorted(expected - known)]
            texts += [f"too many {kind} {key}" for key in sorted(known - expected)]
        return texts

    def settle(self, kinds=NOUNS):
        """Waits until the stream's state is that of iproute2."""
        deadline = time.monotonic() + PATIENCE
        while True:
            while self.read(QUIET) and time.monotonic() < deadline:
                pass
            texts = self.differences(kinds)
            if not texts:
                return
            if time.monotonic() > deadline:
                raise Disagreement(f"after {PATIENCE} s:\n" + "\n".join(texts[:40]))

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


def neighbours():
    return ip_json("neigh")


def rules(*options):
    return [{"family": family, **entry} for family, option in (("inet", "-4"), ("inet6", "-6"))
            for entry in ip_json(*options, option, "rule")]


def nexthops(*options):
    try:
        return ip_json(*options, "nexthop")
    except RuntimeError:  # a kernel without them
        return []


KINDS = {"link": links, "addr": addresses, "route": routes, "neigh": neighbours, "rule": rules,
         "nexthop": nexthops}


def table_at_end(trivet, *options):
    """What `monitor --table` says of the state when it is ended at once."""
    with subprocess.Popen([trivet, "netlink", "monitor", "-j", "--initial", "--table", *options],
                          stdout=subprocess.PIPE) as process:
        process.stdout.readline()  # it has read the state
        process.send_signal(signal.SIGINT)
        last = process.stdout.read().splitlines()[-1]
    return json.loads(last)["table"]


def check_table(trivet):
    """The table at the end is, noun by noun, what `ip -j` and `ip -d -j` print."""
    for details in ([], ["-d"]):
        deadline = time.monotonic() + PATIENCE
        while problem := table_difference(trivet, details):
            # An address may have been found to be unique between the two questions.
            if time.monotonic() > deadline:
                raise Disagreement(problem)


def table_difference(trivet, details):
    """Empty where there is none."""
    table = table_at_end(trivet, *details)
    expected = {
        "link": ip_json(*details, "link"),
        "addr": ip_json(*details, "addr"),
        "route": [entry for family in ("-4", "-6")
                  for entry in ip_json(*details, family, "route", "show", "table", "all")],
        "neigh": without_state(ip_json(*details, "neigh")),
        "rule": rules(*details),
        "nexthop": nexthops(*details),
    }
    table["neigh"] = without_state(table["neigh"])
    for noun, objects in expected.items():
        if steady(table[noun]) != steady(objects):
            return f"{noun} {details}: {table[noun]}\n  instead of {objects}"
    return ""


def without_state(neighbours_shown):
    """The kernel tells of no step from reachable to stale, nor of those of its probes."""
    return [{key: value for key, value in entry.items() if key != "state"}
            for entry in neighbours_shown]


def steady(value):
    """Without what runs by itself, and without an order."""
    if isinstance(value, dict):
        return {key: key == "expires" or steady(inner) for key, inner in value.items()
                if not key.endswith(("_timer", "_life_time"))
                # of addresses: unknown to iproute2 6.1
                and not (key == "protocol" and str(inner).startswith("kernel_"))}
    if isinstance(value, list):
        return sorted((steady(element) for element in value),
                      key=lambda element: json.dumps(element, sort_keys=True))
    return value
