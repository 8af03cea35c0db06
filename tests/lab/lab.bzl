"""The one way to say that a test runs on a kernel. README.md beside this file shows it in use.

    kernel_test         a GoogleTest program, one Bazel test per kernel: NAME_host, NAME_uml, ...
    kernel_script_test  the same for a script with arguments
    kernel_suite        several of them on one boot

Kernels: host, uml, uml_pair, qemu, qemu_pair.
"""

load("//bazel:trivet.bzl", "COPTS")

KERNELS = ["host", "uml", "uml_pair", "qemu", "qemu_pair"]

def _lab_program_impl(ctx):
    command = [ctx.executable.program.short_path]
    for arg in ctx.attr.arguments:
        command.append(ctx.expand_location(arg, ctx.attr.data))
    description = ctx.actions.declare_file(ctx.label.name + ".json")
    ctx.actions.write(description, struct(
        name = ctx.attr.title,
        command = command,
        modules = ctx.attr.modules,
        initial_network = ctx.attr.initial_network,
    ).to_json())
    runfiles = ctx.runfiles(files = [description] + ctx.files.data)
    for dependency in [ctx.attr.program] + ctx.attr.data:
        runfiles = runfiles.merge(dependency[DefaultInfo].default_runfiles)
    return [DefaultInfo(files = depset([description]), runfiles = runfiles)]

# What the launcher reads: a command, seen from the runfiles, and the modules that it needs.
_lab_program = rule(
    implementation = _lab_program_impl,
    attrs = {
        "arguments": attr.string_list(),
        "data": attr.label_list(allow_files = True),
        "initial_network": attr.bool(),
        "modules": attr.string_list(),
        "program": attr.label(executable = True, cfg = "target", mandatory = True),
        "title": attr.string(mandatory = True),
    },
)

def _program_label(test):
    """The description that goes with a test's label: //a/b:c becomes //a/b:c.lab."""
    if ":" not in test and test.startswith("//"):
        return test + ":" + test.rpartition("/")[2] + ".lab"
    return (test if ":" in test else ":" + test) + ".lab"

def _boot_test(name, kernel, programs, size, tags, args = [], **kwargs):
    if kernel not in KERNELS:
        fail("%s: no kernel %s; there are %s" % (name, kernel, ", ".join(KERNELS)))

    # "local": in Bazel's sandbox neither namespaces nor the host's file tree are to be had.
    own_tags = ["local", "lab-" + kernel]
    if kernel not in ["host", "uml"]:
        own_tags.append("cpu:2")
    words = [kernel] + args
    for program in programs:
        words += ["--program", "$(rootpath %s)" % program]
    native.sh_test(
        name = name,
        srcs = ["//tests/lab/launcher:main.py"],
        args = words + ["--"],
        data = programs + ["//tests/lab/launcher"],
        size = size,
        tags = own_tags + tags,
        **kwargs
    )

def _declare(name, program, kernels, size, tags, arguments, data, modules, memory, initial_network, kwargs):
    _lab_program(
        name = name + ".lab",
        program = program,
        title = name,
        arguments = arguments,
        data = data,
        modules = modules,
        initial_network = initial_network,
        testonly = True,
        visibility = ["//visibility:public"],
    )
    args = ["--memory", str(memory)] if memory else []
    for kernel in kernels:
        _boot_test(name + "_" + kernel, kernel, [name + ".lab"], size, tags, args, **kwargs)

def kernel_test(
        name,
        srcs,
        deps = [],
        data = [],
        kernels = ["host", "uml"],
        modules = [],
        size = "small",
        memory = None,
        initial_network = False,
        args = [],
        tags = [],
        copts = [],
        linkopts = [],
        flaky = None,
        timeout = None,
        shard_count = None):
    """A GoogleTest program NAME, and a test NAME_<kernel> for each kernel.

    Args:
      name: of the program.
      srcs: its sources.
      deps: its libraries; GoogleTest and //tests/lab come by themselves.
      data: files that it opens, by their paths below the workspace.
      kernels: where it runs; see KERNELS.
      modules: loaded before it on a kernel other than host.
      size: of each test, a boot included.
      memory: of the kernel, in MiB, where the default is too small.
      initial_network: run in the kernel's first network namespace, the only one that has
        Bluetooth, instead of a fresh one; not on host.
      args: handed to the program; $(rootpath) works.
      tags: more tags.
      copts: more compiler options.
      linkopts: more linker options.
      flaky: as for any test.
      timeout: as for any test.
      shard_count: as for any test.
    """
    native.cc_binary(
        name = name,
        testonly = True,
        srcs = srcs,
        copts = COPTS + copts,
        linkopts = linkopts,
        features = ["layering_check"],
        data = data,
        deps = deps + ["//tests/lab", "@googletest//:gtest", "@googletest//:gtest_main"],
        visibility = ["//visibility:public"],
    )
    kwargs = dict(flaky = flaky, timeout = timeout, shard_count = shard_count)
    _declare(name, name, kernels, size, tags, args, data, modules, memory, initial_network, kwargs)

def kernel_script_test(
        name,
        script,
        args = [],
        data = [],
        kernels = ["host", "uml"],
        modules = [],
        size = "small",
        memory = None,
        initial_network = False,
        tags = [],
        flaky = None,
        timeout = None):
    """A script with a #! line, and a test NAME_<kernel> for each kernel.

    Args:
      name: of the program.
      script: the file.
      args: handed to the script; $(rootpath LABEL) is the path of a data file or binary.
      data: what the script uses.
      kernels: where it runs; see KERNELS.
      modules: loaded before it on a kernel other than host.
      size: of each test, a boot included.
      memory: of the kernel, in MiB, where the default is too small.
      initial_network: as for kernel_test.
      tags: more tags.
      flaky: as for any test.
      timeout: as for any test.
    """
    native.sh_binary(
        name = name,
        testonly = True,
        srcs = [script],
        data = data,
        visibility = ["//visibility:public"],
    )
    kwargs = dict(flaky = flaky, timeout = timeout)
    _declare(name, name, kernels, size, tags, args, data, modules, memory, initial_network, kwargs)

def kernel_suite(name, kernel, tests, size = "medium", memory = None, tags = [], **kwargs):
    """One boot runs many programs of kernel_test and kernel_script_test, one after another.

    Each has namespaces of its own; the suite fails if one of them does, and says which.

    Args:
      name: of the suite.
      kernel: one of KERNELS.
      tests: labels of the programs (the names given to kernel_test, without a kernel). They
        should have kernels = [] or leave this kernel out, else they run twice.
      size: of the whole.
      memory: of the kernel, in MiB, where the default is too small.
      tags: more tags.
      **kwargs: as for any test.
    """
    args = ["--memory", str(memory)] if memory else []
    programs = [_program_label(test) for test in tests]
    _boot_test(name, kernel, programs, size, tags, args, **kwargs)
