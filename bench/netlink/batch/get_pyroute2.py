#!/usr/bin/python3
"""One route get, there and back, by pyroute2: nanoseconds of each block, as batch/get prints them.

usage: get_pyroute2.py ROUNDS COUNT      prints ROUND, CONTENDER, NANOSECONDS of each block
"""

import sys
import time

from pyroute2 import IPRoute


def main():
    rounds, count = int(sys.argv[1]), int(sys.argv[2])
    with IPRoute() as kernel:
        for block in range(rounds):
            start = time.perf_counter_ns()
            for n in range(count):
                answer = kernel.route("get", dst=f"16.0.{n % 256}.1")
                if answer[0].get_attr("RTA_OIF") is None:
                    sys.exit("pyroute2: an answer without a link")
            print(block, "pyroute2", (time.perf_counter_ns() - start) / count, sep="\t")


if __name__ == "__main__":
    main()
