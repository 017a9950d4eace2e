"""What the staging tests share: a temporary folder, the program, and how a test program is run.

The program is $DLA_TRAIN. Where a server is not installed the tests are skipped, with a reason.
DLA_STAGING_LONG=1 (`make check-staging-long`) adds the tests that take minutes.
"""
import atexit
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = os.environ.get("DLA_TRAIN", "dla-train")
LONG = os.environ.get("DLA_STAGING_LONG") == "1"
# Seconds after which a child hangs: ten times what the slowest machine has needed, with sanitizers and
# beside other work. No test is told by it how fast anything is.
HANGS = 1200
# Secrets that must never be printed, whatever happens.
SECRETS = ("testing", "reading", "not-the-secret", "let me in", "let%20me%20in", "session-token-value",
           "query-secret")


def end_of(child):
    if child.poll() is None:
        child.kill()
    child.wait()
    for stream in (child.stdout, child.stderr):
        if stream:
            stream.close()


class Result:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err
        self.events = [json.loads(line) for line in out.splitlines() if line.startswith("{")]

    def kinds(self, kind):
        return [e for e in self.events if e["type"] == kind]


class Case(unittest.TestCase):
    """Each test has a folder of its own, self.folder, which is also its HOME."""

    environment = {}

    def setUp(self):
        self.folder = module_folder("dla-staging-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def child(self, command, **more):
        """A process that ends with the test, however that ends."""
        child = subprocess.Popen(command, **more)
        self.addCleanup(end_of, child)
        atexit.register(end_of, child)  # of a program that is interrupted, unittest runs no clean-ups
        return child

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def start(self, *arguments, env=None, **more):
        environment = {k: v for k, v in os.environ.items()
                       if not k.startswith(("AWS_", "XDG_", "CURL_", "SSL_", "DEEPSQUARE_"))
                       and not k.lower().endswith("_proxy")}
        environment.update({"HOME": self.folder, **self.environment, **(env or {})})
        return self.child([PROGRAM, "stage", "--json", "--retry-base=0.2", *arguments],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          cwd=self.folder, env=environment, **more)

    def finish(self, child, status=0):
        out, err = child.communicate(timeout=HANGS)
        for secret in SECRETS:
            self.assertNotIn(secret, out + err)
        if status is not None:
            self.assertEqual(child.returncode, status, out + err)
        self.assertLessEqual(err.count("\n"), 1, "an error is one line")
        return Result(child.returncode, out, err)

    def stage(self, *arguments, status=0, env=None, **more):
        return self.finish(self.start(*arguments, env=env, **more), status)

    def fails(self, text, *arguments, status=2, **more):
        result = self.stage(*arguments, status=status, **more)
        self.assertIn(text, result.err)
        return result

    def tree(self, name):
        """Path -> content of every file below the folder."""
        root = self.path(name)
        files = {}
        for folder, _, names in os.walk(root):
            for file in names:
                path = os.path.join(folder, file)
                with open(path, "rb") as f:
                    files[os.path.relpath(path, root)] = f.read()
        return files


def noise(size, seed=1):
    """Bytes that do not compress, and that differ from place to place."""
    block = random.Random(seed).randbytes(1 << 16)
    parts = (i.to_bytes(8, "big") + block for i in range(size // (1 << 16) + 1))
    return b"".join(parts)[:size]


def module_folder(prefix):
    """A folder that is removed at the end, however it comes."""
    folder = tempfile.mkdtemp(prefix=prefix)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class TimedResult(unittest.TextTestResult):
    def startTest(self, test):
        self.began = time.monotonic()
        super().startTest(test)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.stream.writeln(f"    {time.monotonic() - self.began:.1f} s")


class Runner(unittest.TextTestRunner):
    resultclass = TimedResult


def main(*servers):
    """Skips (77) where a server is missing; else runs the program's tests."""
    for server in servers:
        reason = server.missing()
        if reason:
            print(f"skipped: {reason}", file=sys.stderr)
            sys.exit(77)
    # So that atexit stops the servers; SystemExit would be a test's error, and the next test would begin.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    unittest.main(verbosity=2, testRunner=Runner)
