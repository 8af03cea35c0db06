"""Debian's user-mode-linux: a kernel as an ordinary process of this machine."""

import os
import shutil
import tempfile

from machine import Machine, need

DEFAULT_MEMORY = 512


class Uml(Machine):
    """Kernel console on con0, output on con1, control on ssl0."""

    def command(self):
        kernel = need("linux.uml", "user-mode-linux", self.session.kernel)
        os.mkdir(self.session.path("uml"))
        return [
            kernel,
            f"mem={self.options.memory or DEFAULT_MEMORY}M",
            "root=/dev/root",
            "rootfstype=hostfs",
            "ro",
            f"init={self.session.path('guest', 'uml-init')}",
            f"lab_share={self.session.folder}",
            f"uml_dir={self.session.path('uml')}/",
            "umid=lab",
            "con=null",
            "con0=fd:0,fd:1",
            f"con1=fd:{self.output.theirs.fileno()}",
            "ssl=null",
            f"ssl0=fd:{self.control.theirs.fileno()}",
            "oops=panic",
            *self._network(),
        ]

    def _network(self):
        if not self.joint:
            return []
        joint = self.joint
        return [
            "vec0:transport=l2tpv3,udp=1,src=127.0.0.1,dst=127.0.0.1,"
            f"srcport={joint.own_port},dstport={joint.other_port},"
            f"tx_session={joint.session:#x},rx_session={joint.session:#x},mac={joint.mac}"
        ]

    def environment(self):
        return dict(os.environ, TMPDIR=self._memory_folder())

    def _memory_folder(self):
        """Where its memory file fits: /dev/shm unless that is small, as in many containers."""
        needed = (self.options.memory or DEFAULT_MEMORY) << 20
        try:
            if shutil.disk_usage("/dev/shm").free > needed:
                return "/dev/shm"
        except OSError:
            pass
        return tempfile.gettempdir()

    def output_terminal(self):
        return "/dev/tty1"

    def control_terminal(self):
        return "/dev/ttyS0"
