#!/usr/bin/python3
"""`trivet netlink genl` against iproute2's genl(8): the same families, commands, groups, policies."""
import json
import re
import subprocess
import sys


def run(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def families_of_genl(text):
    """What `genl ctrl list` prints, by name."""
    found = {}
    for block in re.split(r"\n(?=Name: )", "\n" + text):
        head = re.search(r"Name: (.*)\n\s*ID: (\S+)\s+Version: (\S+)\s+header size: (\d+)"
                         r"\s+max attribs: (\d+)", block)
        if not head:
            continue
        name, number, version, size, most = head.groups()
        found[name] = {
            "id": int(number, 16), "version": int(version, 16), "hdrsize": int(size),
            "maxattr": int(most),
            "ops": [int(n, 16) for n in re.findall(r"#\d+:  ID-(\S+) *\n", block)],
            "groups": [(n, int(i, 16)) for i, n in
                       re.findall(r"#\d+:  ID-(\S+)  name: (\S+)", block)],
        }
    return found


def families_of_trivet(documents):
    return {
        one["name"]: {
            **{key: one[key] for key in ("id", "version", "hdrsize", "maxattr")},
            "ops": [op["id"] for op in one.get("ops", [])],
            "groups": [(group["name"], group["id"]) for group in one.get("groups", [])],
        } for one in documents}


def expect(ours, theirs, what):
    if ours != theirs:
        raise SystemExit(f"{what}: {ours}\ninstead of {theirs}")


def policies_of_genl(text):
    """The attributes of each policy that `genl ctrl policy` prints, and which command takes which."""
    attributes = {tuple(map(int, pair)) for pair in re.findall(r"policy\[(\d+)\]:attr\[(\d+)\]", text)}
    commands = {}
    for number, rest in re.findall(r"op (\d+) policies:(.*)", text):
        commands[int(number)] = {how: int(index) for how, index in re.findall(r"(do|dump)=(\d+)", rest)}
    return attributes, commands


def main():
    trivet = sys.argv[1]
    theirs = families_of_genl(run("genl", "ctrl", "list"))
    ours = families_of_trivet(json.loads(run(trivet, "netlink", "genl", "-j")))
    if "nlctrl" not in ours:
        raise SystemExit("nlctrl is not there")
    expect(ours, theirs, "families")

    for name in ours:
        [one] = json.loads(run(trivet, "netlink", "genl", name, "-j"))
        expect(families_of_trivet([one])[name], theirs[name], name)
        if not one.get("policies"):
            continue
        attributes, commands = policies_of_genl(run("genl", "ctrl", "policy", "name", name))
        expect({(policy["index"], attribute["type"]) for policy in one["policies"]
                for attribute in policy["attributes"]}, attributes, f"policies of {name}")
        for op in one["ops"]:
            expect({how: op[how] for how in ("do", "dump") if how in op},
                   commands.get(op["id"], {}), f"command {op['id']} of {name}")
        if not all(attribute["takes"] for policy in one["policies"]
                   for attribute in policy["attributes"]):
            raise SystemExit(f"a policy of {name} says nothing: {one['policies']}")

    text = run(trivet, "netlink", "genl", "nlctrl")
    if not text.startswith("nlctrl: id 0x10 version 2 hdrsize 0 maxattr 0\n"):
        raise SystemExit(text)
    missing = subprocess.run([trivet, "netlink", "genl", "nosuch"], capture_output=True, text=True,
                             check=False)
    expect((missing.returncode, missing.stdout), (1, ""), "a family that there is not")
    if not missing.stderr.startswith("trivet: generic netlink family nosuch: this kernel has none"):
        raise SystemExit(missing.stderr)
    print(f"{len(ours)} families")


main()
