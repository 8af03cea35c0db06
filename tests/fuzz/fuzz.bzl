"""Fuzz targets: one source, two programs.

    fuzz_test(name = "inet", srcs = ["inet.cc"], corpus = glob(["corpus/inet/*"]), deps = [...])

makes the test NAME, which gives the target its corpus and a few thousand inputs bred from it, the
same in every run and with every compiler; and the program NAME_fuzzer, which is libFuzzer's and
wants --config=fuzz. tests/fuzz/run SECONDS runs all of the latter.

The source defines LLVMFuzzerTestOneInput and ends the process where a promise is broken
(tests/fuzz/require.h).
"""

load("//bazel:trivet.bzl", "COPTS")

def fuzz_test(name, srcs, corpus, deps = []):
    """See above. The corpus' files are best kept in corpus/NAME, where `run` looks for them."""
    native.cc_library(
        name = name + "_target",
        testonly = True,
        srcs = srcs,
        copts = COPTS,
        features = ["layering_check"],
        deps = deps + ["//tests/fuzz:require"],
        alwayslink = True,
    )
    native.cc_test(
        name = name,
        size = "small",
        srcs = ["//tests/fuzz:driver.cc"],
        args = ["$(rootpath %s)" % file for file in corpus],
        copts = COPTS,
        data = corpus,
        deps = [name + "_target"],
    )
    native.cc_binary(
        name = name + "_fuzzer",
        testonly = True,
        linkopts = ["-fsanitize=fuzzer"],
        tags = ["manual"],
        deps = [name + "_target"],
    )
