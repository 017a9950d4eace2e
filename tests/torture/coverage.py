#!/usr/bin/python3
"""What the tests ran of the sources that decide whether a checkpoint survives, by gcov.

    coverage.py BUILD [--uncovered]

BUILD was configured with CFLAGS='-O0 -g --coverage', and its tests have run (make check-coverage does both). Prints
lines and branches of each file, and of each folder. --uncovered: also which lines no test ran."""
import argparse
import collections
import glob
import json
import os
import subprocess
import sys

SOURCES = ("src/checkpoint/", "src/staging/", "src/job/", "src/train/saver.c")


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("build")
    p.add_argument("--uncovered", action="store_true")
    return p.parse_args()


def gcov(build, notes):
    """What gcov says of one object: the files in it with their lines."""
    done = subprocess.run(["gcov", "--branch-probabilities", "--json-format", "--stdout", notes], cwd=build,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return json.loads(done.stdout)["files"]


def measured(build):
    """Of each source below SOURCES: how often each line ran, and each of its branches."""
    counts = collections.defaultdict(dict)
    for notes in sorted(glob.glob(f"{build}/src/**/*.gcno", recursive=True)):
        if not os.path.relpath(notes, build).startswith(tuple(s.removesuffix(".c") for s in SOURCES)):
            continue
        for file in gcov(build, os.path.relpath(notes, build)):
            name = file["file"][file["file"].find("src/"):]
            if name.startswith(SOURCES) and name.endswith(".c"):
                for line in file["lines"]:
                    branches = [b["count"] for b in line["branches"] if not b["throw"]]
                    counts[name].setdefault(line["line_number"], []).append((line["count"], branches))
    return counts


def summed(lines):
    """Lines that ran, lines, branches that were taken, branches; and which lines did not run."""
    ran = [number for number, parts in lines.items() if any(count for count, _ in parts)]
    branches = [count for parts in lines.values() for _, part in parts for count in part]
    return [len(ran), len(lines), sum(count > 0 for count in branches), len(branches)], sorted(set(lines) - set(ran))


def ranges(numbers):
    """1, 2, 3, 7 as 1-3, 7."""
    parts = []
    for number in numbers:
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def show(name, sums):
    lines, branches = (f"{part:5} of {whole:5} {100 * part / max(whole, 1):5.1f} %" for part, whole in
                       (sums[:2], sums[2:]))
    print(f"{name:44} {lines}   {branches}")


def main():
    a = arguments()
    counts = measured(a.build)
    if not counts:
        sys.exit(f"coverage.py: {a.build} has no notes of gcov: configure it with CFLAGS='-O0 -g --coverage'")
    totals = collections.defaultdict(lambda: [0] * 4)
    print(f"{'':44} {'lines':>22}   {'branches':>22}")
    for name in sorted(counts):
        sums, missed = summed(counts[name])
        show(name, sums)
        if a.uncovered and missed:
            print(f"  not run: {ranges(missed)}")
        for total in (next(s for s in SOURCES if name.startswith(s)), "all"):
            totals[total] = [x + y for x, y in zip(totals[total], sums)]
    for name in (*SOURCES, "all"):
        show(name, totals[name])


if __name__ == "__main__":
    main()
