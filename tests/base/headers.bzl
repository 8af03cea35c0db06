"""Proves that each header of a library compiles on its own, and twice."""

load("//bazel:trivet.bzl", "trivet_library")

def self_contained_headers(name, headers, deps):
    """One source per header that includes nothing else; building them is the test.

    Args:
      name: of a library that holds them all.
      headers: as they are included, "trivet/base/socket_base.h".
      deps: the libraries that have them.
    """
    sources = []
    for header in headers:
        source = "%s/%s.cc" % (name, header.replace("/", "_").replace(".h", ""))
        native.genrule(
            name = source.replace("/", "_").replace(".cc", ""),
            outs = [source],
            cmd = "printf '#include \"%s\"\\n#include \"%s\"\\n' >$@" % (header, header),
        )
        sources.append(source)
    trivet_library(
        name = name,
        testonly = True,
        srcs = sources,
        deps = deps,
    )
