"""Cleaning up even after a SIGKILL, which the killed process cannot answer.

The launcher is two processes: the outer one waits and hands on signals, the inner one works. When
the outer one is killed, the inner one gets SIGTERM and cleans up; when the inner one is killed, the
outer one, as the subreaper of all descendants, does.
"""

import os
import signal

import process

_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def keep(work, own_group):
    """Runs work() in a child and returns its exit status once nothing of it remains."""
    process.adopt_orphans()
    outer = os.getpid()
    # Blocked until both sides are ready, so that no signal is lost between.
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    inner = os.fork()
    if inner == 0:
        if own_group:
            os.setpgid(0, 0)  # A signal to the caller's group comes once, handed on below.
        for number in _SIGNALS:
            signal.signal(number, _stop)
        process.die_with(outer, signal.SIGTERM)
        process.adopt_orphans()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        return work()
    for number in _SIGNALS:
        signal.signal(number, lambda number, _: os.kill(inner, number))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    _, status = os.waitpid(inner, 0)
    process.sweep()
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _stop(number, _):
    for other in _SIGNALS:
        signal.signal(other, signal.SIG_IGN)  # A second one must not cut the clean-up short.
    raise SystemExit(128 + number)
