"""What is installed, taken from cc_library targets and all that they depend on in this project: one
static library (Bazel 4 has no rule for that) and the public headers."""

load("@bazel_tools//tools/cpp:toolchain_utils.bzl", "find_cpp_toolchain")

def _static_archive_impl(ctx):
    objects = []
    for dep in ctx.attr.deps:
        for linker_input in dep[CcInfo].linking_context.linker_inputs.to_list():
            if linker_input.owner.workspace_name != "":
                continue  # another project's objects: the user links those libraries himself
            for library in linker_input.libraries:
                objects.extend(library.pic_objects or library.objects or [])
    objects = depset(objects).to_list()  # each once, however many libraries depend on it
    archive = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.run_shell(
        inputs = objects,
        outputs = [archive],
        # Objects of different packages may have one name; P would keep only the last.
        command = "rm -f {out} && {ar} qcsD {out} {objects}".format(
            ar = find_cpp_toolchain(ctx).ar_executable,
            objects = " ".join([o.path for o in objects]),
            out = archive.path,
        ),
        mnemonic = "TrivetArchive",
    )
    return [DefaultInfo(files = depset([archive]))]

static_archive = rule(
    implementation = _static_archive_impl,
    attrs = {
        "deps": attr.label_list(providers = [CcInfo]),
        "_cc_toolchain": attr.label(default = "@bazel_tools//tools/cpp:current_cc_toolchain"),
    },
    toolchains = ["@bazel_tools//tools/cpp:toolchain_type"],
    incompatible_use_toolchain_transition = True,
)

def _public_headers_impl(ctx):
    headers = []
    for dep in ctx.attr.deps:
        for header in dep[CcInfo].compilation_context.headers.to_list():
            # A header that is included by its path below lib/ stands in such a folder.
            if "/_virtual_includes/" in header.path and header.owner.workspace_name == "":
                headers.append(header)
    return [DefaultInfo(files = depset(headers))]

public_headers = rule(
    implementation = _public_headers_impl,
    attrs = {"deps": attr.label_list(providers = [CcInfo])},
)

_SourcesInfo = provider(fields = ["files"])

def _sources_aspect_impl(_target, ctx):
    own = ctx.rule.files.srcs if ctx.rule.kind == "cc_library" else []
    return [_SourcesInfo(files = depset(
        own,
        transitive = [dep[_SourcesInfo].files for dep in getattr(ctx.rule.attr, "deps", [])],
    ))]

_sources_aspect = aspect(
    implementation = _sources_aspect_impl,
    attr_aspects = ["deps"],
)

def _library_sources_impl(ctx):
    files = depset(transitive = [dep[_SourcesInfo].files for dep in ctx.attr.deps])
    return [DefaultInfo(files = files, runfiles = ctx.runfiles(transitive_files = files))]

# The sources of cc_library targets and of all that they depend on in this project.
library_sources = rule(
    implementation = _library_sources_impl,
    attrs = {"deps": attr.label_list(aspects = [_sources_aspect])},
)
