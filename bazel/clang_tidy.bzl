"""clang-tidy as an aspect, so that Bazel runs it in parallel and only on what changed.

    bazel build --config=tidy //...

Every C++ source of this project is checked with the flags of its own target, and the project's
headers where a source includes them. The checks are in /.clang-tidy. A target with the tag
no-clang-tidy is left out.
"""

def _tidy_sources(ctx):
    sources = []
    for source in getattr(ctx.rule.attr, "srcs", []):
        sources.extend([f for f in source.files.to_list() if f.extension == "cc" and f.is_source])
    return sources

def _flags(compilation):
    flags = ["-std=c++20", "-xc++"]
    flags += ["-D" + d for d in compilation.defines.to_list()]
    flags += ["-iquote" + path for path in compilation.quote_includes.to_list()]
    flags += ["-I" + path for path in compilation.includes.to_list()]
    flags += ["-isystem" + path for path in compilation.system_includes.to_list()]
    return flags

def _clang_tidy_aspect_impl(target, ctx):
    reports = []
    left_out = "no-clang-tidy" in ctx.rule.attr.tags
    if CcInfo in target and target.label.workspace_name == "" and not left_out:
        compilation = target[CcInfo].compilation_context
        for source in _tidy_sources(ctx):
            report = ctx.actions.declare_file("%s.%s.tidy" % (ctx.label.name, source.basename))
            ctx.actions.run_shell(
                inputs = depset([source, ctx.file._config], transitive = [compilation.headers]),
                outputs = [report],
                command = "clang-tidy --quiet --config-file=$1 $2 -- \"${@:4}\" >$3 2>&1 || { cat $3; exit 1; }",
                arguments = [ctx.file._config.path, source.path, report.path] + _flags(compilation),
                mnemonic = "ClangTidy",
                progress_message = "Tidying %s" % source.short_path,
                use_default_shell_env = True,
            )
            reports.append(report)
    return [OutputGroupInfo(tidy = depset(reports))]

clang_tidy_aspect = aspect(
    implementation = _clang_tidy_aspect_impl,
    attrs = {
        "_config": attr.label(default = "//:.clang-tidy", allow_single_file = True),
    },
)
