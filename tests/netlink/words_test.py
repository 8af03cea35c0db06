#!/usr/bin/python3
"""Every example in the --help of `trivet netlink` and below is a command line that is accepted, and
words that mean nothing are refused with a line that says why.

usage: words_test.py TRIVET

The examples are run as they stand, in a namespace with eth0 and eth1 and a folder with the files
that they name. What they do is other tests' concern: here none may end as a usage error does, with 2.
"""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile

TRIVET = os.path.abspath(sys.argv[1])
MESSAGE = "1400000012000103010000000000000000000000\n"  # in hexadecimal, for `decode`
FILES = {"nlmon0.pcapng": MESSAGE, "capture.pcapng": MESSAGE, "routes.txt": "link set eth1 up\n"}
SETUP = """
link add eth0 type veth peer name eth1
link set eth0 up
link set eth1 up
addr add 192.0.2.77/24 dev eth0
addr add 10.0.0.1/24 dev eth1
"""

# -4 and -6 where CLI11 by itself takes a dash and a digit for an argument.
MORE = """
trivet netlink monitor -4 route
trivet netlink monitor addr -6 --initial
trivet netlink route get -4 192.0.2.1
trivet netlink route get 192.0.2.1 -4
trivet netlink batch -4 routes.txt
trivet netlink batch routes.txt -6
trivet netlink addr -4
trivet netlink -4 addr
trivet netlink addr -4 show
trivet netlink addr flush -4 dev eth1
trivet netlink route add -4 203.0.113.0/24 dev eth0
trivet netlink -f inet6 addr
trivet netlink addr show dev eth0 -f inet
trivet netlink link -br
trivet netlink -brief addr show dev eth0
trivet netlink sniff -c 1
trivet netlink -N -p route -j
trivet netlink addr -0
trivet netlink addr show -0 -br
trivet netlink link show -0
trivet netlink route get 192.0.2.1 connected
trivet netlink -t monitor link
trivet netlink rule add -6 from 2001:db8::/32 lookup 100 pref 1000
"""


# The words, the exit status and what standard error says.
REFUSED = (
    ("monitor link table 5", 2, "trivet: table: it chooses routes"),
    ("conntrack -p nosuch", 2, "trivet: --proto: 'nosuch' is no IP protocol"),
    ("conntrack -p ''", 2, "trivet: --proto: the word is empty; is it a variable of the shell"),
    ("conntrack --dump -e NEW", 2, "trivet: --dump excludes --events"),
    ("conntrack --dump --timestamp", 2, "trivet: --timestamp: of events, not with --dump"),
    ("netns list-id nsid 77", 1, "trivet: nsid 77: no namespace has this number here ('trivet "
     "netlink netns list-id' lists"),
    ("netns list-id target-nsid 77 nsid 1", 1, "trivet: nsid 1: no namespace has this number there,"),
    ("genl ''", 2, "trivet: FAMILY: the word is empty; is it a variable of the shell"),
    ("-0 sockets", 2, "trivet: -M, -0, -B, -f: sockets of inet are of IPv4 or of IPv6"),
    ("decode --protocol 99 " + MESSAGE, 2, "or a number from 0 to 31"),
    # Its attribute claims 40 bytes, 4 are left.
    ("decode 24000000100000000000000000000000" + "00" * 16 + "28000300", 1,
     "trivet: HEX: 1 message is malformed"),
    ("link show vrf eth1", 1, "trivet: eth1: this link is no VRF"),
    ("addr show vrf eth1", 1, "trivet: eth1: this link is no VRF"),
    ("neigh show vrf eth1", 1, "trivet: eth1: this link is no VRF"),
    ("nexthop show vrf eth1", 1, "trivet: eth1: this link is no VRF"),
    ("route show vrf eth1", 1, "trivet: eth1: this link is no VRF"),
    ("-f token addr", 2, "trivet: --family: 'token' is none of inet, inet6, mpls, link, bridge"),
    ("-0 addr show to 10.0.0.0/8", 2, "trivet: '10.0.0.0': -0 and -B choose no addresses"),
    ("-0 addr add 10.0.0.5/24 dev eth1", 2, "trivet: '10.0.0.5': -0 and -B choose no addresses"),
    ("-B conntrack", 2, "trivet: -M, -0, -B, -f: connections are of IPv4 or of IPv6"),
    ("conntrack -e NEW -6 -p nosuch", 2, "trivet: --proto: 'nosuch' "),
    ("-0 monitor", 2, "trivet: -0, -B: name what is to be watched"),
    ("route get 192.0.2.78 iif eth0 connected", 1, "trivet: route to 192.0.2.78"),
    ("route get 192.0.2.78 fibmatch oif eth1 connected", 1, "trivet: route to 192.0.2.78"),
    ("neigh get 192.0.2.1", 2, "trivet: SELECTOR: the link is missing"),
    ("neigh get dev eth0", 2, "trivet: SELECTOR: an address to ask for is missing"),
    ("neigh get 192.0.2.0/24 dev eth0", 2, "trivet: SELECTOR: an address to ask for is missing"),
    ("neigh get 192.0.2.99 dev eth0", 1, "trivet: neighbour 192.0.2.99: "),
    ("route get 192.0.2.1 sport 70000", 2, "trivet: sport: 70000 is more than 65535"),
    ("neigh show nud sleepy", 2, "trivet: nud: 'sleepy' is no state"),
    ("nexthop get", 2, "trivet: "),
    ("nexthop get id 99", 1, "trivet: nexthop 99: "),
    ("nexthop bucket get id 10", 2, "trivet: SELECTOR: 'id NUMBER index NUMBER' has to be given"),
    ("nexthop bucket get id 10 index 65536", 2, "trivet: index: 65536 is more than 65535"),
    ("nexthop bucket get id 10 index 0", 1, "trivet: bucket 0 of nexthop 10: "),
    ("nexthop bucket get id 10 index 0", 1,
     "('trivet netlink nexthop bucket show' lists those that there are)"),
    ("nexthop bucket show id 10", 1, "trivet: buckets of nexthop 10: "),
    ("nexthop bucket show groups", 2, "trivet: SELECTOR: 'groups' is none of id, nhid, dev"),
    ("-4 route show default/8", 2, "trivet: to: 'default/8' has a length, but no address"),
    ("link property add altname x", 2, "trivet: link: the name is missing"),
    ("monitor --reread nan", 2, "trivet: --reread: Value nan not in range 0 to 86400"),
    ("monitor --all-netns --processes nan", 2, "trivet: --processes: Value nan not in range"),
    ("-c=blue link", 2, "trivet: --color: 'blue' is none of auto, always, never"),
    ("-br=yes link", 2, "-b"),
    ("monitor -br", 2, "trivet: --brief: its lines leave out what may change"),
    ("monitor --reread -1", 2, "trivet: --reread: Value -1 not in range 0 to 86400"),
    ("monitor --reread much", 2, "trivet: --reread: "),
    ("route add 10.9.9.0/24 dev eth0 vrf eth1", 1, "trivet: eth1: this link is no VRF"),
    ("link show -netns no-such-namespace", 1, "no-such-namespace"),
    ("-n no-such-namespace link", 1, "no-such-namespace"),
    # What is behind an option or behind "--" stays as it is.
    ("link show --netns -json", 1, "-json"),
    ("link show -f -json", 2, "trivet: --family: '-json' is none of"),
    ("link show -- -json", 2, "not expected"),
    ("link show -iec", 2, "-i"),
    ("ethtool lo link modes features", 2, "trivet: WORD: 'modes features' is more than a device"),
    ("rule del iif ''", 2, "trivet: iif: the word is empty; is it a variable of the shell"),
    ("-6 rule del oif ''", 2, "trivet: oif: the word is empty"),
    ("rule add iif '' lookup 5", 2, "trivet: iif: the word is empty"),
    ("rule show iif ''", 2, "trivet: iif: the word is empty"),
    ("link set eth1 name ''", 2, "trivet: name: the word is empty"),
    ("link set eth1 type ''", 2, "trivet: type: the word is empty"),
    ("link property add dev eth1 altname ''", 2, "trivet: altname: the word is empty"),
    ("link show type ''", 2, "trivet: type: the word is empty"),
    ("link set '' up", 2, "trivet: name: the word is empty"),
    ("monitor dev ''", 2, "trivet: dev: the word is empty"),
    ("route add 10.9.8.0/24 dev eth0 hoplimit 300", 2, "trivet: hoplimit: '300' is no number from"),
    ("-6 route add flowlabel dev eth0", 2, "with a length, as 2001:db8::/32"),
    ("rule show tun_id 18446744073709551616", 2, "trivet: tun_id: '18446744073709551616' is no"),
    ("route test 2001:db8:77::/48 dev eth0", 2, "trivet: route test: a route of IPv6 would be"),
    ("route test 10.9.7.0/24 dev eth0", 1, "No such file or directory"),
    ("rule del", 2, "trivet: rule delete: words of the rule are missing"),
    ("rule add", 2, "trivet: rule add: words of the rule are missing"),
    ("-6 rule del", 2, "trivet: rule delete: words of the rule are missing"),
    ("rule add -6", 2, "trivet: rule add: words of the rule are missing"),
)


def rules():
    return [subprocess.run(["ip", family, "rule"], capture_output=True, text=True,
                           check=True).stdout for family in ("-4", "-6")]


def check_refusals():
    before = rules()
    for line, status, text in REFUSED:
        done = run(["netlink", *shlex.split(line)])
        if done.returncode != status or text not in done.stderr:
            raise SystemExit(f"{line}: {done}")
    if rules() != before:
        raise SystemExit(f"{before} have become {rules()}")
    for name, short in (("inet", "-4"), ("inet6", "-6")):
        one = run(["netlink", "addr", "show", "-j", "-f", name])
        other = run(["netlink", "addr", "show", "-j", short])
        if one.returncode or one.stdout != other.stdout or '"lo"' not in one.stdout:
            raise SystemExit(f"-f {name}: {one} and {other}")
    for line in ("-f link addr show eth0", "-f bridge neigh show dev eth1"):
        theirs = subprocess.run(["ip", *line.split()], capture_output=True, text=True,
                                check=True).stdout
        got = run(["netlink", *line.split()]).stdout
        if got != theirs or not got:
            raise SystemExit(f"{line}:\n{got!r}\n{theirs!r}")
    for last, words in (("-4", "-6 -4"), ("-6", "-f inet -6"), ("-4", "-6 -family inet"),
                        ("-6", "-4 --ipv6")):
        one = run(["netlink", "-j", "addr", "show", last])
        other = run(["netlink", "-j", *words.split(), "addr", "show"])
        if one.returncode or one.stdout != other.stdout:
            raise SystemExit(f"{words}: {one} and {other}")
    # To the blank: nothing counts on lo here, and nothing resolves what is permanent.
    for line in ("link set eth1 up", "addr replace 192.0.2.77/24 dev eth0",
                 "neigh replace 10.0.0.98 lladdr 02:00:00:00:00:98 dev eth1 nud permanent"):
        subprocess.run(["ip", *line.split()], check=True)
    for line in ("-o -s link show lo", "-o -s -s link show lo", "-s link show lo",
                 "-s -s link show lo", "-br link", "-br -4 addr",
                 "-br neigh show nud permanent", "-br neigh show dev eth1 nud permanent",
                 "-brief -4 addr show dev eth0"):
        theirs = subprocess.run(["ip", *line.split()], capture_output=True, text=True,
                                check=True).stdout
        got = run(["netlink", *line.split()]).stdout
        if got != theirs or not got:
            raise SystemExit(f"{line}:\n{got!r}\n{theirs!r}")
    painted = run(["netlink", "--color=always", "link", "show", "lo"]).stdout
    plain = run(["netlink", "link", "show", "lo"]).stdout
    if "\x1b" not in painted or painted == plain:
        raise SystemExit(f"--color=always: {painted!r}")
    for words, wanted in (("-c link show lo", painted), ("link show lo -c", painted),
                          ("-color link show lo", painted), ("-c=always link show lo", painted),
                          ("link show lo -color=always", painted), ("-c=auto link show lo", plain),
                          ("-c -color=never link show lo", plain)):
        got = run(["netlink", *words.split()]).stdout
        if got != wanted:
            raise SystemExit(f"{words}: {got!r}")
    for words in ("-ts monitor link dev lo --initial", "-t monitor link dev lo --initial",
                  "monitor -ts link dev lo --initial", "-tshort monitor link dev lo --initial",
                  "monitor link dev lo --initial -timestamp"):
        got = run(["netlink", *words.split()]).stdout
        if not re.match(r"\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\] ", got):
            raise SystemExit(f"{words}: {got!r}")
    pretty = run(["netlink", "-p", "-j", "addr", "show", "lo"]).stdout
    if pretty != json.dumps(json.loads(pretty), indent=2) + "\n":
        raise SystemExit(f"-p -j: {pretty}")
    # What is no file of lines: errors stay short.
    for lines, text in (("x" * 100000 + " add\n", "'" + "x" * 59 + "…' is none of link"),
                        ("route add " + "é" * 50000 + "\n", "'" + "é" * 29 + "…' is not an IP"),
                        ("link\0 add\n", "standard input:1: a byte of zero"),
                        ("rule del\n", "rule delete: words of the rule are missing"),
                        ("rule del iif ''\n", "standard input:1: iif: the word is empty"),
                        ("rule add\n", "rule add: words of the rule are missing"),
                        ("route flush all\n", "route: 'flush' is none of ")):
        done = subprocess.run([TRIVET, "netlink", "batch", "-"], input=lines, capture_output=True,
                              text=True, check=False, timeout=60)  # a signal would end it
        if done.returncode != 1 or text not in done.stderr or len(done.stderr) > 500:
            raise SystemExit(f"batch of {lines:.20}: {done.stderr:.1000}")


def run(words, text=MESSAGE):
    """Runs it with SIGTERM waiting for it: a stream stops as soon as it looks."""
    def prepare():
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
        os.kill(os.getpid(), signal.SIGTERM)
    return subprocess.run([TRIVET, *words], input=text, capture_output=True, text=True,
                          check=False, preexec_fn=prepare, timeout=60)


def help_of(words):
    done = run([*words, "--help"])
    if done.returncode:
        raise SystemExit(f"{words} --help: {done}")
    return done.stdout


def section(text, heading):
    found = re.search(rf"^{heading}:\n((?:  .*\n)+)", text, re.MULTILINE)
    return found.group(1) if found else ""


def commands_below(words):
    yield words
    for line in section(help_of(words), "Verbs").splitlines():
        if line[2] != " ":
            yield from commands_below([*words, line.split()[0]])


def trivet_of(line):
    """The words of `trivet` in a line of shell: the part of a pipe that it is."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|>&;")
    lexer.whitespace_split = True
    part = []
    for word in lexer:
        if word in ("|", ">", "&", "&&", ";"):
            if part and part[0] == "trivet":
                break
            part = []
        else:
            part.append(word)
    if not part or part[0] != "trivet":
        raise SystemExit(f"no command in this example: {line}")
    return part[1:]


def main():
    for line in SETUP.strip().splitlines():
        subprocess.run(["ip", *line.split()], check=True)
    examples = {}
    for words in commands_below(["netlink"]):
        text = section(help_of(words), "Examples").replace("\\\n", "")
        for line in text.splitlines():
            if not line.strip().startswith("#"):
                examples[line.strip()] = words
    for line in MORE.strip().splitlines():
        examples[line] = ["netlink"]
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name, content in FILES.items():
            with open(name, "w", encoding="ascii") as file:
                file.write(content)
        for line, words in examples.items():
            done = run(trivet_of(line))
            if done.returncode not in (0, 1):
                wrong += 1
                print(f"{' '.join(words)} --help: {line}\n    {done.returncode}: {done.stderr}")
    print(f"{len(examples)} examples")
    check_refusals()
    if wrong or len(examples) < 80:
        raise SystemExit(f"{wrong} of {len(examples)} are not accepted")


main()
