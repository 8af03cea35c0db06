"""Runs machines until their programs have ended, the time is over, or a kernel has died."""

import clock
from lines import Loop


def run(machines, deadline, keyboard=None, after_turn=lambda: None):
    """Raises clock.Expired. Every machine is dead when this returns or raises."""
    loop = Loop()
    try:
        for machine in machines:
            machine.start(loop)
        if keyboard:
            keyboard.attach(loop, machines[0])
        while any(machine.running() for machine in machines):
            if not loop.turn(deadline.left()) and deadline.left() == 0:
                raise clock.Expired(machines[0].session.kernel)
            after_turn()
    finally:
        for machine in machines:
            machine.kill()
