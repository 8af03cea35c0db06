"""The rules of this project: every C++ target is declared through them.

They set the include root (headers are included as "trivet/base/socket.h"), C++20 and warnings as
errors. Not here: tests that need a kernel, which are declared through //tests/lab:lab.bzl.
"""

COPTS = [
    "-std=c++20",
    "-Wall",
    "-Wextra",
    "-Wconversion",
    "-Wshadow",
    "-Werror",
]

def trivet_library(name, **kwargs):
    """A library below lib/: its headers are found as they stand below lib/, and are installed."""
    native.cc_library(
        name = name,
        copts = COPTS + kwargs.pop("copts", []),
        features = ["layering_check"],
        strip_include_prefix = "/lib" if native.package_name().startswith("lib/") else None,
        **kwargs
    )

def trivet_binary(name, **kwargs):
    """A program."""
    native.cc_binary(
        name = name,
        copts = COPTS + kwargs.pop("copts", []),
        features = ["layering_check"],
        **kwargs
    )

def trivet_test(name, deps = [], **kwargs):
    """A pure test: GoogleTest, no privilege, no kernel object that outlives it."""
    native.cc_test(
        name = name,
        copts = COPTS + kwargs.pop("copts", []),
        features = ["layering_check"],
        size = kwargs.pop("size", "small"),
        deps = deps + ["@googletest//:gtest", "@googletest//:gtest_main"],
        **kwargs
    )
