#!/usr/bin/python3
"""lab KERNEL [OPTION…] [--] [COMMAND…]: runs a command, or a declared test, on a kernel."""

import argparse
import contextlib
import functools
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

# pylint: disable=wrong-import-position
import clock
import keeper
import network
import process
import program as programs
import session as sessions
import stock_kernel
import unpacked
import watch
from errors import LabError
from host import Host
from keyboard import Keyboard
from pair import Pair
from qemu import Qemu
from report import Report
from uml import Uml

KERNELS = {
    "host": "the running kernel, in fresh namespaces",
    "uml": "Debian's user-mode-linux",
    "uml_pair": "two of them, joined by a link; the command runs on both",
    "qemu": "Debian's stock kernel, emulated",
    "qemu_pair": "two of them, joined likewise",
}


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="lab",
        usage="lab KERNEL [OPTION…] [-- COMMAND [ARGUMENT…]]",
        description="Runs a command on a kernel of the lab. Without one: a shell.",
        epilog="kernels:\n" + "".join(f"  {name:<11}{text}\n" for name, text in KERNELS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("kernel", choices=KERNELS, metavar="KERNEL", help=", ".join(KERNELS))
    parser.add_argument("--program", action="append", default=[], metavar="FILE",
                        help="a program declared by lab.bzl; may be repeated (for BUILD files)")
    parser.add_argument("--module", action="append", default=[], metavar="NAME",
                        help="a kernel module to load first; may be repeated; not on host")
    parser.add_argument("--initial-network", action="store_true",
                        help="the kernel's first network namespace, not a fresh one; not on host")
    parser.add_argument("--memory", type=int, metavar="MIB", help="the kernel's memory")
    parser.add_argument("--timeout", type=float, metavar="SECONDS",
                        help="a limit; under Bazel a little less than its own")
    parser.add_argument("--console", action="store_true", help="always print the kernel's console")
    parser.add_argument("--fetch", action="store_true",
                        help="fetch what qemu needs if it is not there, no more: Debian's stock "
                             "kernel and an emulator of Bluetooth controllers")
    parser.add_argument("command", nargs="*", metavar="COMMAND")
    own, command = arguments, []
    if "--" in arguments:
        split = arguments.index("--")
        own, command = arguments[:split], arguments[split + 1:]
    options = parser.parse_intermixed_args(own)
    options.command += command
    return options


def chosen_programs(options):
    if options.program:
        found = [programs.load(path, options.command) for path in options.program]
    else:
        command = options.command or [os.environ.get("SHELL", "/bin/sh")]
        found = [programs.Program(os.path.basename(command[0]), command)]
    for one in found:
        one.modules += options.module
        one.initial_network |= options.initial_network
    return found


def run_host(options, todo, deadline):
    with sessions.Session("host", todo) as session:
        report = Report("host", todo)
        Host(session, options).run(deadline, report)
        sessions.collect([session])
    return report.exit_status()


def without_sanitizers(options, todo):
    """The kernel to use: a sanitizer's shadow memory needs 47 bits of address space, and a process
    of Debian's user-mode-linux has 39, so such a program runs on the emulated kernel instead."""
    if not options.kernel.startswith("uml"):
        return options.kernel
    for one in todo:
        if one.sanitizer():
            other = options.kernel.replace("uml", "qemu")
            print(f"[lab] {one.name} is built with {one.sanitizer()}, for which a process of "
                  f"user-mode-linux has too little address space: on {other} instead", flush=True)
            return other
    return options.kernel


def run_single(kind, options, todo, deadline):
    with sessions.Session(options.kernel, todo) as session:
        report = Report(options.kernel, todo)
        return boot([kind(session, report, options)], options, deadline)


def run_pair(kind, options, todo, deadline):
    options.interactive = False
    with sessions.Session(options.kernel, todo, 1) as one, \
            sessions.Session(options.kernel, todo, 2) as two:
        machines = [
            kind(node, Report(options.kernel, todo, f"node{node.node}| "), options, joint)
            for node, joint in zip((one, two), network.joints())
        ]
        return boot(machines, options, deadline, Pair(machines).settle)


def boot(machines, options, deadline, after_turn=lambda: None):
    """Runs machines to their end and says what became of them; returns the exit status."""
    failures = {}
    try:
        with Keyboard() if options.interactive else contextlib.nullcontext() as keyboard:
            watch.run(machines, deadline, keyboard, after_turn)
        reason = "the kernel died under {}"
    except clock.Expired:
        reason = f"{{}} has not ended in {deadline.seconds:g} s"
    for machine in machines:
        if not machine.finished() and not machine.dismissed:
            failures[machine] = reason.format(machine.current())
    for machine in machines:
        if machine in failures or options.console:
            machine.report.console(machine.log)
    for machine, failure in failures.items():
        machine.report.say(f"FAILED: {failure}")
    sessions.collect([machine.session for machine in machines])
    return 1 if failures else max(machine.report.exit_status() for machine in machines)


RUNNERS = {
    "host": run_host,
    "uml": functools.partial(run_single, Uml),
    "uml_pair": functools.partial(run_pair, Uml),
    "qemu": functools.partial(run_single, Qemu),
    "qemu_pair": functools.partial(run_pair, Qemu),
}


def work(options):
    deadline = clock.Deadline(options.timeout)
    try:
        if options.fetch:
            print(stock_kernel.fetch().folder)
            unpacked.fetch()
            return 0
        todo = chosen_programs(options)
        options.kernel = without_sanitizers(options, todo)
        return RUNNERS[options.kernel](options, todo, deadline)
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1
    except clock.Expired as error:
        print(f"[lab] FAILED: {error} has not ended in {deadline.seconds:g} s", file=sys.stderr)
        return 1
    finally:
        process.sweep()


def main():
    options = parse(sys.argv[1:])
    options.interactive = not options.command and not options.program and sys.stdin.isatty()
    return keeper.keep(lambda: work(options), own_group=not options.interactive)


if __name__ == "__main__":
    sys.exit(main())
