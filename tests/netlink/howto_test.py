#!/usr/bin/python3
"""The commands of docs/netlink-messages.md, run as they are written."""
import os
import re
import subprocess
import sys


def main():
    trivet, page = os.path.abspath(sys.argv[1]), sys.argv[2]
    with open(page, encoding="utf-8") as file:
        blocks = re.findall(r"^```sh\n(.*?)^```$", file.read(), re.MULTILINE | re.DOTALL)
    if len(blocks) < 5:
        raise SystemExit(f"{page} has {len(blocks)} pieces to be run")
    # The page's pauses are for people: here the sniffer itself says when it is ready.
    os.mkdir("bin")
    os.symlink(trivet, "bin/trivet")
    head = f"""set -eo pipefail
PATH={os.getcwd()}/bin:$PATH
sleep() {{ until awk 'NR > 1 && $5 > 0 {{ found = 1 }} END {{ exit !found }}' /proc/net/packet
  do :; done; }}
"""
    script = head + "\n".join(blocks)
    got = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    if got.returncode != 0:
        raise SystemExit(f"status {got.returncode}\n{got.stdout}\n{got.stderr}")
    for wanted in ("IFLA_MTU 1400", "RTM_NEWLINK NLM_F_REQUEST|NLM_F_ACK"):
        if wanted not in got.stdout:
            raise SystemExit(f"no {wanted} in\n{got.stdout}\n{got.stderr}")
    print(f"{len(blocks)} pieces")


main()
