"""That a page shows programs as they are."""

def shown_test(name, page, programs):
    """A test that `page` shows each of `programs` letter by letter.

    Args:
      name: of the test
      page: the file that shows them
      programs: source files of this package
    """
    native.sh_test(
        name = name,
        size = "small",
        srcs = ["//docs/examples:shown_test.sh"],
        args = ["$(rootpath %s)" % file for file in [page] + programs],
        data = [page] + programs,
    )
