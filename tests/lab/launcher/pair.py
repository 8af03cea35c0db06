"""Two kernels that run the same programs as nodes 1 and 2, and what they may ask of each other.

A node asks over its control line, one line per question, one line per answer:
  exchange NAME VALUE   value VALUE, the other's, once it asks with the same NAME; gone if it has
                        ended; error TEXT if it waits under another name, which would be for ever
  kill                  killed: the other node's kernel is dead, as in a power failure
"""

import dataclasses


@dataclasses.dataclass
class Question:
    """An exchange that waits for its counterpart."""

    program: int
    name: str
    value: str


class Pair:
    """Answers the questions of two machines."""

    def __init__(self, machines):
        self.machines = machines
        self.waiting = {}
        for machine in machines:
            machine.on_request = self._request

    def _peer(self, machine):
        return self.machines[1 - self.machines.index(machine)]

    def _request(self, machine, word, rest):
        if machine.dismissed:
            return  # Its last words; nobody is left to hear an answer.
        if word == "kill":
            self._kill(self._peer(machine))
            _answer(machine, "killed")
        elif word == "exchange":
            name, _, value = rest.partition(" ")
            self.waiting[machine] = Question(machine.programs_ended(), name, value)
            self.settle()
        else:
            _answer(machine, f"error there is no request {word}")

    def _kill(self, peer):
        peer.dismissed = True
        self.waiting.pop(peer, None)
        peer.report.say("killed by the other node")
        peer.kill()

    def settle(self):
        """Answers what can be answered; called whenever something happened."""
        for machine, mine in list(self.waiting.items()):
            peer = self._peer(machine)
            other = self.waiting.get(peer)
            if not peer.running() or peer.programs_ended() > mine.program:
                self._reply(machine, "gone")
            elif machine in self.waiting and other and other.program == mine.program:
                if other.name == mine.name:
                    self._reply(machine, f"value {other.value}")
                    self._reply(peer, f"value {mine.value}")
                else:
                    self._reply(machine, f"error the other node waits at {other.name}")
                    self._reply(peer, f"error the other node waits at {mine.name}")

    def _reply(self, machine, text):
        del self.waiting[machine]
        _answer(machine, text)


def _answer(machine, text):
    machine.control.send(text.encode() + b"\n")
