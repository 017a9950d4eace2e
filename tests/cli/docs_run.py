"""Runs the commands of the documents: docs_run.py TABLE [--all] [--verbose] [PAGE ...].

Commands are the lines of indented blocks, with continued ones joined, and what stands in `backquotes` and begins with
dla-train. A page's commands run in the page's order, in a folder of its own, which holds what the pages name:
docs_scratch.py makes it. The names in capitals, such as CHECKPOINT, are files there. ./dla-train is a script that
makes training short. What has to be known beside that stands in TABLE; its head says how. So a new command is run
without a word, and a new line that is neither a command nor in the table fails.
"""
import argparse
import fnmatch
import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../staging")]
sys.dont_write_bytecode = True

import docs_scratch
from fake_s3 import FakeS3

SOURCE, PROGRAM = os.environ["DLA_SRCDIR"], os.environ["DLA_TRAIN"]
BUILD = os.path.dirname(PROGRAM)
LIMIT = 600
# What runs: the program, alone and behind these. Anything else changes a machine, or takes hours: the table has to say
# why it is not run.
HARMLESS = ("dla-train", "mpirun", "find", "python3", "man", ".", "ln")
COMMAND = re.compile(r"(?:[A-Z_]+=\S+ )*(?:\. <\()?(?:(?:\S*/)?(?:dla-train|make|configure|autoreconf|mpirun|srun|apt-get|"
                     r"npm|docker|apptainer|python3|tensorboard|cc|kill|find|ln|tar|cat)|\S*(?:scripts|benchmarks)/\S+)(?: |$)")
INLINE = re.compile(r"(?<!`)`((?:\./)?dla-train [^`]+|(?:\./)?(?:make |scripts/|benchmarks/)[^`]*)`(?!`)")


class Row:
    def __init__(self, line):
        self.page, self.pattern, self.does = (part.strip() for part in line.split("|||"))
        self.kind, _, self.rest = (part.strip() for part in self.does.partition(":"))
        self.used = False

    def fits(self, page, command):
        if fnmatch.fnmatchcase(page, self.page) and fnmatch.fnmatchcase(command, self.pattern):
            self.used = True
            return True
        return False


class Table:
    def __init__(self, name):
        with open(name) as file:
            self.rows = [Row(line) for line in file if line.strip() and not line.startswith("#")]

    def find(self, page, command):
        """What the table says of a command: by kind."""
        found = {}
        for row in self.rows:
            if row.fits(page, command):
                found.setdefault(row.kind, row.rest)
        return found


# --- What stands in a page ---

def blocks(text):
    """Each indented or fenced block: its lines."""
    block, before, fenced = [], "", False
    for line in text.split("\n") + [""]:
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced and line.startswith("    ") and (block or not before.strip()):
            block.append(line[4:].rstrip())
        elif block:
            yield block
            block = []
        before = line


def joined(lines):
    whole = ""
    for line in lines:
        whole += line
        if not whole.endswith("\\"):
            yield whole
            whole = ""
        else:
            whole = whole[:-1]


def said_of(block):
    """Pairs of a command of the block and the lines that follow it, or of None and lines that follow none."""
    command, shown = None, []
    for line in joined(block):
        is_typed = line.startswith("$ ")
        if is_typed or (COMMAND.match(line) and not line.startswith("dla-train: ")):
            yield command, shown
            command, shown = re.sub(r"(^|\s+)#.*", "", line[2:] if is_typed else line), []
        elif line:
            shown.append(line)
    yield command, shown


def choices(command):
    """With what may be left out, without `key=value ...`; one command for each of A|B."""
    command = re.sub(r" \[(key=value|option)[^]]*\]", "", command)
    command = re.sub(r" \[([^]\"]*)\](?=\s|$)", r" \1", command)
    command = re.sub(r" \.\.\.", "", command)
    words = [word.split("\\|") for word in command.split(" ")]
    return [" ".join(chosen) for chosen in itertools.product(*words)]


def inline(text):
    """Commands in backquotes, outside of blocks."""
    prose = "\n".join(line for line in text.split("\n") if not line.startswith("    "))
    for found in INLINE.finditer(prose.replace("\n", " ")):
        yield from choices(found[1])


# --- How one is run ---

class Runner:
    def __init__(self, table, options):
        self.table, self.options = table, options
        self.failed, self.ran, self.left, self.seen = 0, 0, [], set()
        self.scratch = tempfile.mkdtemp(prefix="docs-")
        self.server = FakeS3()
        self.home = os.path.join(self.scratch, "home")
        self.temporary = os.path.join(self.scratch, "tmp")
        for folder in (self.temporary, f"{self.home}/.zfunc", f"{self.home}/.config/fish/completions"):
            os.makedirs(folder)
        self.bin = docs_scratch.programs(os.path.join(self.scratch, "bin"), PROGRAM)
        self.environment = self.environ()
        self.template = os.path.join(self.scratch, "template")
        self.folder = os.path.join(self.scratch, "at")
        self.version = subprocess.run([PROGRAM, "--version"], stdout=subprocess.PIPE, text=True).stdout

    def environ(self):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "SLURM_", "DEEPSQUARE_")) and
                not k.lower().endswith("_proxy") and k != "STORAGE_PATH"}
        return {**kept, "HOME": self.home, "TMPDIR": self.temporary, "PATH": f"{self.bin}:{kept['PATH']}",
                "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "not-the-secret", "KEY": "key",
                "SECRET": "not-the-secret", "AWS_ENDPOINT_URL": self.server.url, "OMP_NUM_THREADS": "1",
                "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "PAGER": "cat",
                "XDG_CONFIG_HOME": f"{self.home}/.config", "PYTHONDONTWRITEBYTECODE": "1",
                "OMPI_MCA_rmaps_base_oversubscribe": "1",
                "DLA_DOCS_PROGRAM": PROGRAM}

    def fail(self, page, command, why):
        self.failed += 1
        print(f"{page}: {command}\n  {why}")

    def has(self, what):
        """Is this here: a part of the program, an instruction set, a module of Python, or a program?"""
        if what == "opencl":
            return "opencl (0:" in self.version
        if what == "mpi":
            return "ranks: MPI" in self.version and shutil.which("mpirun") is not None
        if what.startswith("avx"):
            return re.search(rf"^kernels: .*\b{what}\b", self.version, re.M) is not None
        if what.startswith("python3-"):
            return subprocess.run(["/usr/bin/python3", "-c", f"import {what[8:]}"], stderr=subprocess.DEVNULL).returncode == 0
        return shutil.which(what) is not None

    def shell(self, command):
        """Runs it in the page's folder; returns its status and what it printed."""
        command = command.replace("https://host/", self.server.url + "/host/")
        child = subprocess.Popen(["bash", "-o", "pipefail", "-c", command], cwd=self.folder, env=self.environment,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                 preexec_fn=os.setpgrp)
        try:
            out = child.communicate(timeout=LIMIT)[0]
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            out = child.communicate()[0] + b"\n(ended by the test)"
        return child.returncode, out.decode(errors="replace")

    def serve(self, page, command):
        """Starts a server, looks at its page, and ends it."""
        child = subprocess.Popen(["bash", "-c", "exec " + command], cwd=self.folder, env=self.environment,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = child.stdout.readline().decode()
        try:
            direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with direct.open(said.strip(), timeout=LIMIT) as answer:
                if b"<html" not in answer.read():
                    self.fail(page, command, "its page is no page")
        except (OSError, ValueError) as error:
            self.fail(page, command, f"it said {said!r}: {error}")
        child.send_signal(signal.SIGTERM)
        said += child.communicate(timeout=LIMIT)[0].decode()
        return child.returncode, said

    def target(self, page, command):
        """Does the Makefile have the targets?"""
        with open(os.path.join(BUILD, "Makefile")) as file:
            targets = set(re.findall(r"^([\w/-]+)(?:\$\(EXEEXT\))?:", file.read(), re.M))
        for word in re.split(r"\s+", command)[1:]:
            test = word[6:] if word.startswith("TESTS=") else word if word.startswith("tests/") else None
            if test and "svhn" not in test:
                self.exists(page, command, test)
            elif not test and "=" not in word and word not in targets:
                self.fail(page, command, f"there is no target {word}")

    def exists(self, page, command, name):
        places = [os.path.join(SOURCE, name), os.path.join(SOURCE, name + ".c")]
        if not any(os.path.exists(place) for place in places):
            self.fail(page, command, f"there is no {name}")

    def known(self, page, command):
        """What is not run: are at least its program, its targets and its options there?"""
        for part in re.split(r"\s*&&\s*", command):
            words = part.split()
            name = re.sub(r"^(\.\./|\./)+", "", words[0]) if words else ""
            if name == "make":
                self.target(page, part)
            elif name.startswith(("scripts/", "benchmarks/")):
                self.exists(page, command, name)
            elif name == "configure":
                self.configure(page, command, words[1:])

    def configure(self, page, command, words):
        text = subprocess.run([os.path.join(SOURCE, "configure"), "--help"], stdout=subprocess.PIPE, text=True).stdout
        for word in words:
            if word.startswith("--") and word.partition("=")[0] not in text:
                self.fail(page, command, f"configure has no {word}")

    def command(self, page, command, shown):
        says = self.table.find(page, command)
        first = re.sub(r"^(\.\./|\./)+", "", command.split()[0])
        if "not" in says or first == "make":
            self.left.append((page, command, says.get("not", "its targets are looked for")))
            self.known(page, command)
            return
        if first not in HARMLESS and not re.match("[A-Z_]+=", first):
            self.fail(page, command, "the table of docs-run has to say why it is not run")
            return
        missing = [what for what in says.get("needs", "").split() if not self.has(what)]
        if missing or ("slow" in says and not self.options.all):
            self.left.append((page, command, f"needs {' '.join(missing)}" if missing else f"slow: {says['slow']}"))
            return
        self.enter(page)
        text = self.meant(says, command)
        if "first" in says:
            status, out = self.shell(says["first"])
            if status:
                self.fail(page, command, f"what comes first ends with {status}: {out}")
        self.ran += 1
        before = os.times()
        status, out = self.serve(page, text) if "serve" in says else self.shell(text)
        after = os.times()
        if self.options.verbose:
            print(f"{after.children_user + after.children_system - before.children_user - before.children_system:6.2f} s "
                  f"{after.elapsed - before.elapsed:6.2f} s  {page}: {text} -> {status}", flush=True)
        if str(status) not in says.get("status", "0").split():
            self.fail(page, text, f"ends with {status}:\n" + "\n".join(out.strip().split("\n")[-12:]))
        self.compare(page, text, shown, out)
        self.nothing_left(page, text, out)

    def meant(self, says, command):
        """The command with what else the table gives it."""
        for change in says.get("with", "").split(";"):
            if change.strip():
                old, new = change.strip().split(" => ")
                command = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new.replace("\\", r"\\"), command)
        return command

    def compare(self, page, command, shown, out):
        """Of a shown `key: value` the output has the key."""
        for line in shown:
            key = re.match(r"[\w.]+: ", line)
            if key and not re.search("^" + re.escape(key[0]), out, re.M):
                self.fail(page, command, f"the page shows {line!r}, which was not printed:\n{out}")

    def nothing_left(self, page, command, out):
        """In the temporary folder is nothing that was not told of."""
        for name in os.listdir(self.temporary):
            if name not in out and not name.startswith(("ompi.", "prte.", "pmix")):
                self.fail(page, command, f"it left {name} in the temporary folder")
            path = os.path.join(self.temporary, name)
            shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.remove(path)

    def page(self, page):
        with open(os.path.join(SOURCE, page)) as file:
            text = file.read()
        self.text_of_page = text
        for block in blocks(text):
            for command, shown in said_of(block):
                self.text(page, command, shown)
                for chosen in choices(command) if command else []:
                    self.once(page, chosen, shown)
        for command in inline(text):
            self.once(page, command, [])
        shutil.rmtree(self.folder, ignore_errors=True)

    def enter(self, page):
        """Makes the page's folder before its first command."""
        if os.path.exists(self.folder):
            return
        shutil.copytree(self.template, self.folder, symlinks=True)
        docs_scratch.store(self.server, self.folder)
        for name, lines in docs_scratch.files_of(page, self.text_of_page):
            with open(os.path.join(self.folder, name), "w") as file:
                file.write(lines)

    def once(self, page, command, shown):
        """What another page has, too, runs once, but with --all once a page."""
        self.table.find(page, command)
        key = (page if self.options.all else "", re.sub(r"^\./", "", command).strip())
        if key not in self.seen:
            self.seen.add(key)
            self.command(page, command, shown)

    def text(self, page, command, lines):
        """Lines that are no commands: the table knows what they are."""
        for line in lines:
            if "text" not in self.table.find(page, line):
                self.fail(page, line, "is this a command? The table of docs-run does not know it")

    def close(self):
        self.server.close()
        shutil.rmtree(self.scratch)


def main():
    sys.stdout.reconfigure(line_buffering=True)
    parser = argparse.ArgumentParser()
    parser.add_argument("table")
    parser.add_argument("pages", nargs="*")
    parser.add_argument("--all", action="store_true", help="also what is slow")
    parser.add_argument("--verbose", action="store_true", help="each command, its seconds, and what was not run")
    options = parser.parse_intermixed_args()
    pages = options.pages or ["README.md", "CONTRIBUTING.md",
                              *sorted(f"docs/{name}" for name in os.listdir(f"{SOURCE}/docs") if name.endswith(".md"))]
    table = Table(options.table)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    runner = Runner(table, options)
    try:
        docs_scratch.make(runner.template, SOURCE, runner.server.url, runner.environment)
        for page in pages:
            runner.page(page)
    finally:
        runner.close()
    for row in table.rows:
        if not row.used and not options.pages:
            print(f"a row of the table fits nothing: {row.page} ||| {row.pattern} ||| {row.does}")
            runner.failed += 1
    if options.verbose:
        for page, command, why in runner.left:
            print(f"not run: {page}: {command} ({why})")
        print(f"{runner.ran} commands ran, {len(runner.left)} did not")
    sys.exit(runner.failed > 0)


main()
