"""Debian's stock kernel in qemu, emulated: no /dev/kvm is needed, and two processors are real."""

import os
import shutil
import subprocess

import stock_kernel
from errors import LabError
from machine import Machine, need

DEFAULT_MEMORY = 1024

# What the first script in the kernel needs: the lines, the host's file tree, the layer above it.
BOOT_MODULES = ["virtio_pci", "virtio_console", "9pnet_virtio", "9p", "overlay"]


class Qemu(Machine):
    """Kernel console on ttyS0, control on hvc0, output on a port: a console's qemu drops what does
    not fit at once, a port's waits. A person's keyboard needs a terminal, so hvc1 then."""

    def command(self):
        qemu = need("qemu-system-x86_64", "qemu-system-x86", self.session.kernel)
        kernel = stock_kernel.find()
        return [
            qemu,
            *["-accel", "tcg,thread=multi", "-smp", "2", "-cpu", "max,la57=off"],
            *["-m", str(self.options.memory or DEFAULT_MEMORY)],
            *["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"],
            *["-kernel", kernel.image, "-initrd", self._initial_files(kernel)],
            *["-append", "console=ttyS0 panic=-1 oops=panic quiet mitigations=off "
              f"lab_modules={kernel.modules}"],
            *self._line("console", self.console),
            *["-serial", "chardev:console", "-device", "virtio-serial-pci"],
            *self._line("control", self.control),
            *["-device", "virtconsole,nr=0,chardev=control"],
            *self._line("output", self.output),
            *["-device", f"{self._output_device()},nr=1,chardev=output"],
            *_folder("host", "/", ",readonly=on"),
            *_folder("lab", self.session.folder),
            *self._network(),
        ]

    def _output_device(self):
        return "virtconsole" if self.options.interactive else "virtserialport"

    def output_terminal(self):
        return "/dev/hvc1" if self.options.interactive else "/dev/vport0p1"

    def control_terminal(self):
        return "/dev/hvc0"

    @staticmethod
    def _line(name, line):
        return ["-chardev", f"socket,id={name},fd={line.theirs.fileno()}"]

    def _network(self):
        if not self.joint:
            return []
        joint = self.joint
        return [
            "-netdev",
            "l2tpv3,id=link,udp=on,src=127.0.0.1,dst=127.0.0.1,"
            f"srcport={joint.own_port},dstport={joint.other_port},"
            f"txsession={joint.session},rxsession={joint.session}",
            *["-device", f"virtio-net-pci,netdev=link,mac={joint.mac},romfile="],
        ]

    def _initial_files(self, kernel):
        """Packs busybox, the first script and its modules; returns the archive's path."""
        busybox = need("busybox", "busybox-static", self.session.kernel)
        _check_static(busybox)
        cpio = need("cpio", "cpio", self.session.kernel)
        root = self.session.path("initial")
        os.mkdir(root)
        for folder in ("bin", "modules", "dev", "proc"):
            os.mkdir(os.path.join(root, folder))
        shutil.copy(busybox, os.path.join(root, "bin", "busybox"))
        shutil.copy(self.session.path("guest", "qemu-init"), os.path.join(root, "init"))
        for number, module in enumerate(kernel.module_files(BOOT_MODULES)):
            shutil.copy(module, os.path.join(root, "modules", f"{number:02}.ko"))
        archive = self.session.path("initial.cpio")
        names = "\n".join(
            os.path.relpath(os.path.join(folder, name), root)
            for folder, folders, files in os.walk(root)
            for name in folders + files
        )
        with open(archive, "wb") as file:
            subprocess.run([cpio, "--quiet", "-o", "-H", "newc"], cwd=root, stdout=file,
                           input=names.encode(), check=True)
        return archive


def _folder(tag, path, more=""):
    return [
        *["-fsdev", f"local,id={tag},path={path},security_model=none,multidevs=remap{more}"],
        *["-device", f"virtio-9p-pci,fsdev={tag},mount_tag={tag}"],
    ]


def _check_static(busybox):
    with open(busybox, "rb") as file:
        if b"/ld-linux" in file.read(4096):
            raise LabError(
                f"kernel qemu needs a static {busybox}. Install it: "
                "sudo apt-get install busybox-static"
            )
