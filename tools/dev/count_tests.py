#!/usr/bin/env python3
"""Counts the test cases of a Bazel run from its event file: "N passed, N failed", the failures
named before. Exits 1 where one failed, was not built, or none ran."""

import json
import sys
import urllib.parse
import xml.etree.ElementTree as xml


def cases(path):
    """The names of the failed cases and the number of the passed ones in a test.xml."""
    failed, passed = [], 0
    for case in xml.parse(path).iter("testcase"):
        # A case that was filtered or skipped is neither.
        if case.get("status") == "notrun" or case.find("skipped") is not None:
            continue
        if case.find("failure") is not None or case.find("error") is not None:
            failed.append(f'{case.get("classname", "")}.{case.get("name", "")}'.strip("."))
        else:
            passed += 1
    return failed, passed


def main():
    passed, failed, configured, seen = 0, [], set(), set()
    for line in open(sys.argv[1], encoding="utf-8"):
        event = json.loads(line)
        ident = event.get("id", {})
        if "targetConfigured" in ident and "configured" in event:
            if event["configured"].get("testSize"):
                configured.add(ident["targetConfigured"]["label"])
        if "testResult" not in ident:
            continue
        label = ident["testResult"]["label"]
        seen.add(label)
        # Without a result the test was cut off: Bazel was interrupted or ran out of something.
        result = event.get("testResult", {"status": "NO RESULT"})
        files = {f["name"]: f["uri"] for f in result.get("testActionOutput", []) if "uri" in f}
        bad, good = [], 0
        if "test.xml" in files:
            try:
                bad, good = cases(urllib.parse.unquote(urllib.parse.urlparse(files["test.xml"]).path))
            except (OSError, xml.ParseError) as error:
                bad = [f"test.xml: {error}"]
        if result["status"] != "PASSED" and not bad:
            bad = [result["status"]]  # it died before it could name a case
        if result["status"] == "PASSED" and not good:
            good = 1
        passed += good
        failed += [f"{label} {name}" for name in bad]
    failed += [f"{label} not built" for label in sorted(configured - seen)]
    for name in failed:
        print("FAILED", name)
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed or not passed else 0


sys.exit(main())
