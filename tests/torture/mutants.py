#!/usr/bin/python3
"""Mutants of the sources that decide whether a checkpoint survives: which of them do the tests not notice?

    mutants.py BUILD [--files retention.c,watch.c] [--lines A-B] [--kinds compare,...] [--sample N --seed S] [--jobs N] [--list]

BUILD is a build folder. Each mutant is a source file with one change. It is compiled on its own and linked
in front of the library, so the build stays as it is. TESTS says which tests are to notice: those that need a moment
first. A mutant that no test notices survived. It is equivalent, or a test is missing.

Not made: mutants of the handling of memory that runs out, which faults.py tests; of calls that only free or close,
which the sanitizers test."""
import argparse
import concurrent.futures
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

# The tests of a file: UNIT is tests/unit/test_UNIT, NAME.sh is tests/cli/NAME.sh.
TESTS = {
    "src/checkpoint/retention.c": ["retention", "retention.sh", "resume-earlier.sh", "resume-damaged.sh"],
    "src/checkpoint/earlier.c": ["earlier", "resume-earlier.sh", "retention.sh", "resume-damaged.sh"],
    "src/checkpoint/beside.c": ["retention", "earlier", "retention.sh", "resume-earlier.sh"],
    "src/checkpoint/link.c": ["retention", "retention.sh", "resume-earlier.sh"],
    "src/checkpoint/names.c": ["tensor_set", "safetensors", "pth_hostile", "convert.sh", "train-pth.sh"],
    "src/base/atomic_file.c": ["retention", "status", "staging", "retention.sh", "resume-disk-full.sh"],
    "src/train/saver.c": ["retention.sh", "resume-earlier.sh", "resume-disk-full.sh", "nonfinite.sh", "logs.sh"],
    "src/train/settle.c": ["retention.sh", "resume-damaged.sh", "sweep.sh"],
    "src/staging/transfer/watch.c": ["watch"],
    "src/staging/transfer/watch_push.c": ["watch_push", "watch"],
    "src/staging/transfer/watched_files.c": ["watch_push", "watch"],
    "src/staging/transfer/tree_events.c": ["tree_events", "watch"],
    "src/staging/transfer/sync.c": ["staging", "stage-folder.sh", "stage-delete.sh", "watch"],
    "src/staging/transfer/sync_lists.c": ["staging", "stage-folder.sh", "stage-delete.sh", "watch"],
    "src/job/place.c": ["place"],
}

KEYWORDS = {"return", "if", "for", "while", "else", "do", "switch", "case", "break", "continue", "goto", "const",
            "static", "struct", "typedef", "sizeof"}
PLACE = r"\*?\w+(?:(?:->|\.)\w+|\[[^\]]*\])*"
ASSIGNMENT = re.compile(rf"({PLACE}) (=|\|=|\+=|-=) |{PLACE}(\+\+|--)$|(\+\+|--){PLACE}$")
CALL = re.compile(r"((?:\w+(?:->|\.))*\w+)\(.*\)$", re.S)
COMPARISONS = {"==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">"}
MEMORY = re.compile(r"dla_fail_memory|DLA_E_MEMORY|\bfailed\b")
FREES = re.compile(r"(free|close|closedir|\w+_free|\w+_free_texts|dla_free_texts|pthread_mutex_destroy)$")


def masked(text):
    """The text with its comments, strings, characters and lines of the preprocessor blank, so that only code is
    found. Every character keeps its place."""
    pattern = r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|^#(?:\\\n|[^\n])*"""
    blank = lambda m: re.sub(r"[^\n]", "\x01" if m.group()[0] in "\"'" else " ", m.group())
    return re.sub(pattern, blank, text, flags=re.S | re.M)


def closing(code, at):
    """The place of the bracket that closes the one here."""
    depth = 0
    for i in range(at, len(code)):
        depth += (code[i] in "([{") - (code[i] in ")]}")
        if not depth:
            return i
    raise ValueError("a bracket is open")


def end_of_statement(code, at):
    """Behind its semicolon; None if a block comes first."""
    while at < len(code) and code[at] not in ";{}":
        at = closing(code, at) + 1 if code[at] in "([" else at + 1
        if code[at:at + 3] == "= {":
            at = closing(code, at + 2) + 1
    return at + 1 if at < len(code) and code[at] == ";" else None


def functions(code):
    """Where each body begins and ends, and what the function returns."""
    for m in re.finditer(r"^(?:static )?((?:const )?\w+[ *]+)\w+\([^;{}]*\)\n\{", code, re.M):
        yield m.end() - 1, closing(code, m.end() - 1), m.group(1).strip()


def statements(code):
    """Where the statements begin and end that stand alone or behind `if (...)` and `else`."""
    for m in re.finditer(r"(?<=[;{})] )(?=[*\w])|(?<=else )(?=\w)|^ +(?=[*\w+-])", code, re.M):
        start = m.end()
        before = code[:start].rstrip()
        if before[-1] not in ";{})" and not before.endswith("else"):
            continue
        end = end_of_statement(code, start)
        if end:
            yield start, end


def conditions(code):
    """Of each if and while: where the word, the condition and the brackets' end are."""
    for m in re.finditer(r"\b(?:if|while) \(", code):
        yield m.start(), m.end(), closing(code, m.end() - 1)


def changes(code):
    """All mutants: (kind, start, end, what comes there)."""
    for m in re.finditer(r" (==|!=|<=|>=|<|>) ", code):
        yield "compare", m.start(1), m.end(1), COMPARISONS[m.group(1)]
    for m in re.finditer(r" (&&|\|\|) ", code):
        yield "logic", m.start(1), m.end(1), "||" if m.group(1) == "&&" else "&&"
    for m in re.finditer(r"(?<![\w.{\[])(?<![=!]= )(\d+)(?![\w.}])", code):
        yield "constant", m.start(1), m.end(1), str(int(m.group(1)) + 1)
    for m in re.finditer(r" && !status\b", code):
        yield "check", m.start(), m.end(), ""
    for word, start, end in conditions(code):
        yield "negate", start, end, f"!({code[start:end]})"
        if code[start:end] == "!status":
            yield "check", start, end, "1"
        last = end_of_statement(code, end + 2) if code[end + 1:end + 2] == " " else None
        if last and re.match(r"\) return\b", code[end:]) and not re.match(r"\s*else\b", code[last:]):
            yield "check", word, last, ";"
    for m in re.finditer(r"\bbool \w+ = ", code):
        end = end_of_statement(code, m.end())
        if end and code[end - 2] != "}":
            yield "negate", m.end(), end - 1, f"!({code[m.end():end - 1]})"
    for start, end in statements(code):
        text = code[start:end - 1]
        call = CALL.match(text)
        if re.match(r"\w*", text).group() in KEYWORDS or (call and FREES.search(call.group(1))):
            continue
        if call and call.group(1) == "TRY":
            yield "check", start, start + 3, "(void)"
        if call or ASSIGNMENT.match(text):
            yield "drop", start, end, ";"
    for start, end, kind in functions(code):
        early = {"void": ";", "bool": " true;", "dla_status": " DLA_OK;"}.get(kind)
        if early:
            yield "early", start + 1, start + 1, f" return{early}"
        for m in re.finditer(r"\breturn ", code[start:end]):
            last = end_of_statement(code, start + m.end())
            if kind == "bool" and last:
                yield "negate", start + m.end(), last - 1, f"!({code[start + m.end():last - 1]})"


class Mutant:
    def __init__(self, file, text, kind, start, end, new):
        self.file, self.kind, self.start, self.end, self.new = file, kind, start, end, new
        self.text = text[:start] + new + text[end:]
        old = text[start:end]
        if len(new) > 2 and new.startswith("!("):  # what is masked comes back
            self.text = text[:start] + f"!({old})" + text[end:]
            new = f"!({old})"
        self.line = text.count("\n", 0, start) + 1
        at = text.rfind("\n", 0, start) + 1
        behind = text.find("\n", end)
        self.where = " ".join((text[at:start] + f"[{old} => {new}]" + text[end:behind]).split())

    def __str__(self):
        return f"{self.file}:{self.line}: {self.kind}: {self.where}"


def mutants_of(root, file, kinds):
    with open(os.path.join(root, file)) as f:
        text = f.read()
    code = masked(text)
    seen = set()
    for kind, start, end, new in changes(code):
        line = code[code.rfind("\n", 0, start) + 1:code.find("\n", end)]
        if kind not in kinds or (start, end, new) in seen or (MEMORY.search(line) and kind != "early"):
            continue
        seen.add((start, end, new))
        yield Mutant(file, text, kind, start, end, new)


class Build:
    """How make compiles a file and links a program, with other names."""

    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        self.root = os.path.realpath(self.variable("abs_srcdir"))

    def variable(self, name):
        with open(f"{self.folder}/Makefile") as f:
            return re.search(rf"^{name} = (.*)$", f.read(), re.M).group(1)

    def commands(self, target, *changed):
        # As a goal the makefile is not made again.
        command = ["make", "-n", "V=1", "Makefile", *(part for name in changed for part in ("-W", name)), target]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        return None if done.returncode else done.stdout.replace("\\\n", " ").splitlines()

    def make(self, programs):
        done = subprocess.run(["make", *sorted(programs)], cwd=self.folder, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            sys.exit(f"mutants.py: {self.folder} cannot be built")

    def compiler(self, file):
        target = file[:-2] + ".o"
        source = os.path.join(self.variable("srcdir"), file)
        lines = [line for line in self.commands(target, source) or [] if f" -o {target} " in line]
        if not lines:
            sys.exit(f"mutants.py: {self.folder} does not compile {file}")
        command = lines[0].split("&&")[0]
        command = re.sub(r"-MT \S+ -MD -MP -MF \S+", "", command.split("`;")[-1])
        return lambda text, to: command.replace(f"-o {target} ", f"-o {to} ").replace(source, f"-w {text}")

    def linker(self, program):
        lines = [line for line in self.commands(program, "libdla.a") or [] if f" -o {program} " in line]
        if not lines:
            sys.exit(f"mutants.py: {self.folder} does not link {program}")
        return lambda mutant, to: lines[-1].replace(f" -o {program} ", f" -o {to} ").replace(
            " libdla.a ", f" {mutant} libdla.a ")


def limit_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def ends_well(command, folder, limit, **environment):
    """Whether it ends with 0 (or 77: skipped) in time. What it started is ended."""
    known = dict(os.environ, TMPDIR=folder, HOME=folder, CMOCKA_TEST_ABORT="1", **environment)
    child = subprocess.Popen(command, cwd=folder, env=known,
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             start_new_session=True, preexec_fn=limit_files)
    try:
        return child.wait(limit) in (0, 77)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGTERM)  # tests/cli/run ends its case
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            pass
        return False
    finally:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        child.wait()


class Trial:
    """The tests of a file: what they run, and how long they may."""

    def __init__(self, build, file):
        self.build, self.file = build, file
        self.compile = build.compiler(file)
        self.tests = TESTS[file]
        programs = {self.program(t) for t in self.tests}
        self.link = {program: build.linker(program) for program in programs}
        self.limit = dict.fromkeys(self.tests, 300)

    @staticmethod
    def program(test):
        return "dla-train" if test.endswith(".sh") else f"tests/unit/test_{test}"

    def command(self, test, program):
        root = self.build.root
        return ["/bin/sh", f"{root}/tests/cli/run", f"{root}/tests/cli/{test}"] if test.endswith(".sh") else [program]

    def shell(self, command):
        return subprocess.run(command, shell=True, cwd=self.build.folder, capture_output=True, check=False).returncode == 0

    def run(self, text):
        """The test that fails, 'compiler', or None."""
        with tempfile.TemporaryDirectory(prefix="mutant-", ignore_cleanup_errors=True) as folder:
            with open(f"{folder}/mutant.c", "w") as f:
                f.write(text)
            if not self.shell(self.compile(f"{folder}/mutant.c", f"{folder}/mutant.o")):
                return "compiler"
            for test in self.tests:
                program = f"{folder}/{os.path.basename(self.program(test))}"
                if not os.path.exists(program):
                    if not self.shell(self.link[self.program(test)](f"{folder}/mutant.o", program)):
                        return "compiler"
                os.makedirs(f"{folder}/in")
                well = ends_well(self.command(test, program), f"{folder}/in", self.limit[test], DLA_TRAIN=program,
                                 DLA_SRCDIR=self.build.root)
                shutil.rmtree(f"{folder}/in", ignore_errors=True)
                if not well:
                    return test
        return None

    def measure(self):
        """Without a change all tests pass; from how long they take follows how long they may."""
        with open(os.path.join(self.build.root, self.file)) as f:
            text = f.read()
        tests = self.tests
        for test in tests:
            self.tests = [test]
            begun = time.monotonic()
            failed = self.run(text)
            if failed:
                sys.exit(f"mutants.py: {self.file}: without a change, {failed} fails")
            self.limit[test] = 5 + 2 * (time.monotonic() - begun)
        self.tests = tests


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("build")
    p.add_argument("--files", default=",".join(TESTS), help="names, or ends of names")
    p.add_argument("--lines", help="A-B: only these of each file")
    p.add_argument("--kinds", default="compare,logic,constant,check,negate,drop,early")
    p.add_argument("--sample", type=int, help="this many mutants of each file")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--list", action="store_true", help="only print the mutants")
    return p.parse_args()


def chosen(a):
    for name in a.files.split(","):
        files = [file for file in TESTS if file.endswith("/" + name) or file == name]
        if not files:
            sys.exit(f"mutants.py: {name}: no such file in its table TESTS")
        yield from files


def main():
    a = arguments()
    build = Build(a.build)
    total = dict.fromkeys(("made", "killed", "survived", "compiler"), 0)
    for file in chosen(a):
        mutants = sorted(mutants_of(build.root, file, a.kinds.split(",")), key=lambda m: (m.start, m.end))
        if a.lines:
            first, last = map(int, a.lines.split("-"))
            mutants = [m for m in mutants if first <= m.line <= last]
        if a.sample and a.sample < len(mutants):
            mutants = sorted(random.Random(a.seed).sample(mutants, a.sample), key=lambda m: m.start)
        if a.list:
            print(*mutants, sep="\n")
            continue
        build.make({Trial.program(test) for test in TESTS[file]})
        trial = Trial(build, file)
        trial.measure()
        count = dict.fromkeys(total, 0)
        with concurrent.futures.ThreadPoolExecutor(a.jobs) as pool:
            for mutant, failed in zip(mutants, pool.map(lambda m: trial.run(m.text), mutants)):
                count["made"] += 1
                count["compiler" if failed == "compiler" else "killed" if failed else "survived"] += 1
                if not failed:
                    print(f"survived: {mutant}", flush=True)
        print("{}: {made} mutants: {killed} killed, {survived} survived, {compiler} did not compile".format(
            file, **count), flush=True)
        for key, value in count.items():
            total[key] += value
    if not a.list:
        print("all: {made} mutants: {killed} killed, {survived} survived, {compiler} did not compile".format(**total))


if __name__ == "__main__":
    main()
