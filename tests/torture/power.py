#!/usr/bin/python3
"""A power failure at every moment of a run: what the disk may hold then, and whether the program goes on.

    power.py DLA_TRAIN RECORD.SO [--scenarios train,sweep,...] [--every N] [--jobs N]

Each scenario runs once with record.c in it. crash_states.py makes the states from the record. In each of
them the files with a checkpoint's name must be whole, and what the program had told to be done must be
there; the same command must then go on, and come to what the undisturbed run came to, without leaving
temporary files."""
import collections
import concurrent.futures
import http.server
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading

import crash_states
from tiny_run import CONFIG, STATUSES, content, losses, parser, prepare, run

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
UNIQUE = re.compile(r"\.[0-9a-f]{8}\.tmp$")


class Wrong(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Wrong(what)


def tree_of(folder):
    disk = crash_states.Disk(folder)
    return crash_states.Tree({}, (), {}).walk(disk.root).freeze()


def leftovers(folder):
    return sorted(os.path.relpath(os.path.join(place, name), folder) for place, folders, names in os.walk(folder)
                  for name in folders + names if UNIQUE.search(name) or name.startswith(".dla"))


class Scenario:
    """A run in `whole`, what is recorded of it, and what must hold of what a crash left of it."""

    def __init__(self, a, home):
        self.a, self.whole, self.record = a, f"{home}/{self.name}/whole", f"{home}/{self.name}/record"
        self.steps, self.lock = {}, threading.Lock()
        self.printed = ""

    def commands(self):
        return [[self.a.program, "c.yaml"]]

    def environment(self):
        return {}

    def prepare(self):
        prepare(self.whole, self.a.data, self.config())

    def config(self):
        return CONFIG

    def run_once(self):
        self.prepare()
        start = f"{self.whole}.start"
        shutil.copytree(self.whole, start)
        # The disk begins with what is there, under the inodes of `whole`.
        self.start = crash_states.Disk(self.whole)
        for command in self.commands():
            done = run(command, self.whole, **self.environment(), LD_PRELOAD=self.a.record, RECORD=self.record,
                       RECORD_UNDER=self.whole)
            if done.returncode:
                sys.exit(f"power: {command} ends with {done.returncode}: {done.stderr.decode()}")
            with open(self.record, "ab") as f:
                f.write(b"X 0 0 11\t\t\ncommand ok\n\n")
        self.finish()

    def finish(self):
        """Called when `whole` is what it should be."""

    def states(self):
        """Also checks that the record holds all that happened."""
        last = yield from crash_states.crash_states(self.record, self.start, self.watch)
        if last != tree_of(self.whole):
            sys.exit(f"power: {self.name}: the record is not what happened")

    def again(self, folder, *more):
        """The same command, on what is left."""
        return run([*self.commands()[-1], *more], folder, **self.environment())

    # ---- Checkpoints ----

    def step(self, text, ending):
        """The step and the finished epochs of a checkpoint with these bytes. None: it is not whole."""
        key = hash(text)
        if key not in self.steps:
            with tempfile.NamedTemporaryFile(suffix=ending) as f:
                f.write(text)
                f.flush()
                seen = subprocess.run([self.a.program, "inspect", "--json", f.name], stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL)
                state = {} if seen.returncode else json.loads(seen.stdout)["state"]
                self.steps[key] = (state["step"], state["epoch"]) if state else None
        return self.steps[key]


class Train(Scenario):
    """A run of four steps, which keeps two checkpoints and the best; every step is saved."""
    name, ending, place = "train", ".safetensors", "run"
    more = ""

    def config(self):
        return (CONFIG.replace("every_steps: 1,", f"every_steps: 1, {self.more}").replace("report: false", "report: true, tensorboard: true"))

    def checkpoint(self):
        return f"{self.place}/checkpoint{self.ending}"

    def watch(self, op, a, b, data, disk):
        """(the step that must be there, is the whole run done)"""
        if op == "":
            self.floor, self.done = (0, 0), False
        if op == "C" and UNIQUE.sub("", a) == self.checkpoint():
            try:  # the save before this one is done
                self.floor = max(self.floor, self.step(disk.at(self.checkpoint()).now, self.ending))
            except (KeyError, AttributeError):
                pass
        if op == "X" and data.startswith(b"command ok"):
            self.done = True
            self.floor = self.step(disk.at(self.checkpoint()).now, self.ending)
        return self.floor, self.done

    def look(self, folder, tree, wanted):
        floor, done = wanted
        names = [n for n in tree if posix(n).startswith(f"{self.place}/checkpoint.") and n.endswith(self.ending)]
        steps = {}
        for name in names:
            steps[name] = self.step(content(f"{folder}/{name}"), self.ending)
            need(steps[name] is not None, f"{name} is not whole")
        newest = max([steps.get(self.checkpoint()) or max(steps.values(), default=(0, 0))])
        need(newest >= floor, f"step {floor} was saved, but {newest} is the newest")
        if done:
            for name in self.kept():
                need(steps.get(name) == self.step(content(f"{self.whole}/{name}"), self.ending),
                     f"{name} was kept, but is {steps.get(name)}")

    def kept(self):
        return [n for n in tree_of(self.whole) if n.startswith(f"{self.place}/checkpoint.")]

    def go_on(self, folder):
        done = self.again(folder)
        finished = b"the run is finished" in done.stderr
        need(done.returncode == 0 or finished, f"does not go on: {done.returncode}: {done.stderr[-300:]}")
        need(content(f"{folder}/{self.checkpoint()}") == content(f"{self.whole}/{self.checkpoint()}"),
             "goes on to other bytes")
        need(losses(f"{folder}/run") == losses(f"{self.whole}/run"),
             f"metrics are not those of one run: {losses(f'{folder}/run')}")
        rows = [[line.rsplit(",", 1)[0] for line in content(f"{f}/run/metrics.csv").decode(errors="replace").splitlines()]
                for f in (folder, self.whole)]
        need(rows[0] == rows[1], f"metrics.csv is not that of one run: {rows[0]}")
        for name in self.kept():
            if ".best" in name:
                need(os.path.exists(f"{folder}/{name}"), f"{name} is missing")
                need(content(f"{folder}/{name}") == content(f"{self.whole}/{name}"),
                     f"{name} is of step {self.step(content(f'{folder}/{name}'), self.ending)}")
        left = set(leftovers(folder)) - ({"run/.dla-locked"} if finished else set())
        need(not left, f"leaves {left}")


class TrainPth(Train):
    """The same as .pth, with two best ones."""
    name, ending, more = "pth", ".pth", "out: run/checkpoint.pth, keep_best: 2, "


class Resume(Train):
    """A run that goes on from step 2, of which metrics tell more."""
    name = "resume"

    def prepare(self):
        super().prepare()
        first = run([self.a.program, "c.yaml", "train.max_steps=2"], self.whole)
        need(first.returncode == 0, first.stderr)
        for name in os.listdir(f"{self.whole}/run"):
            if "tfevents" in name:
                os.remove(f"{self.whole}/run/{name}")
        with open(f"{self.whole}/run/metrics.jsonl", "a") as f:
            f.write('{"type":"step","step":3,"epoch":2,"loss":9,"lr":1}\n{"type":"st')

    def commands(self):
        return [[self.a.program, "c.yaml", "train.max_steps=0"]]

    def watch(self, op, *rest):
        floor, done = super().watch(op, *rest)
        self.floor = max(floor, (2, 1))
        return self.floor, done


class Elsewhere(Train):
    """Checkpoints in a folder of their own, which the run makes."""
    name, place = "elsewhere", "deep/er"
    more = "out: deep/er/checkpoint.safetensors, "

    def prepare(self):
        super().prepare()
        os.makedirs(f"{self.whole}/deep/er")


class Sweep(Scenario):
    """A sweep of two trials."""
    name = "sweep"

    def prepare(self):
        config = CONFIG.replace("checkpoint: {in: auto, every_steps: 1, keep_last: 2}", "")
        super().prepare()
        with open(f"{self.whole}/base.yaml", "w") as f:
            f.write(config.replace("output: {dir: run}", "").replace("epochs: 2", "epochs: 1").replace("DATA", self.a.data))
        with open(f"{self.whole}/s.yaml", "w") as f:
            f.write("base: base.yaml\nparameters:\n  optimizer.lr: [0.1, 0.01]\noutput: {dir: out}\n")

    def commands(self):
        return [[self.a.program, "sweep", "s.yaml"]]

    def watch(self, op, a, b, data, disk):
        if op == "":
            self.told = ""
        if op == "X":
            self.told += data.decode(errors="replace")
        return tuple(sorted(set(re.findall(r"^(?:dla-train: )?(lr=[\d.]+): \d+ epochs?, ", self.told, re.M))))

    def look(self, folder, tree, wanted):
        for name in tree:
            if name.endswith(".safetensors"):
                need(self.step(content(f"{folder}/{name}"), ".safetensors") is not None, f"{name} is not whole")
        for trial in wanted:
            same = f"out/{trial}/checkpoint.safetensors"
            need(same in tree and content(f"{folder}/{same}") == content(f"{self.whole}/{same}"),
                 f"{trial} was told to be done, but is not")

    def go_on(self, folder):
        done = self.again(folder)
        need(done.returncode == 0, f"does not go on: {done.returncode}: {done.stderr[-500:]}")
        for name in tree_of(self.whole):
            if name.endswith("checkpoint.safetensors"):
                need(content(f"{folder}/{name}") == content(f"{self.whole}/{name}"), f"{name} has other bytes")
                trial = os.path.dirname(name)
                need(losses(f"{folder}/{trial}") == losses(f"{self.whole}/{trial}"), f"{trial}'s metrics are not those of one run")
        for name in ("sweep.json", "leaderboard.csv"):
            if os.path.exists(f"{self.whole}/out/{name}"):
                need(os.path.exists(f"{folder}/out/{name}"), f"{name} is missing")
        left = {n for n in leftovers(folder) if not n.endswith(".dla-locked")}
        need(not left, f"leaves {left}")


class Pictures(Scenario):
    """A run on pictures that makes their cache on the disk."""
    name = "pictures"

    def prepare(self):
        pictures = f"{os.path.dirname(self.whole)}/pictures"
        subprocess.run([sys.executable, f"{SOURCE}/tests/cli/make_pictures.py", pictures, "a=10", "b=10"], check=True)
        super().prepare()
        with open(f"{self.whole}/c.yaml", "w") as f:
            f.write(f"model: {{graph: net.yaml, image_size: 16}}\n"
                    f"dataset: {{path: {pictures}, val_fraction: 0.2, cache: disk, cache_path: cache/p}}\n"
                    "train: {epochs: 1, batch_size: 8, test_batch_size: 4, threads: 1}\n"
                    "checkpoint: {in: auto}\nlog: {report: false}\noutput: {dir: run}\n")

    def watch(self, op, a, b, data, disk):
        if op == "":
            self.done = False
        self.done |= op == "X" and data.startswith(b"command ok")
        return self.done

    def look(self, folder, tree, wanted):
        for name in tree:
            if name.endswith(".safetensors"):
                need(self.step(content(f"{folder}/{name}"), ".safetensors") is not None, f"{name} is not whole")
        for name in ("run/checkpoint.safetensors", "cache/p") if wanted else ():
            need(name in tree and content(f"{folder}/{name}") == content(f"{self.whole}/{name}"),
                 f"{name} is not what was written")

    def go_on(self, folder):
        for name in tree_of(folder):
            if name.startswith("run/checkpoint.") and name.endswith(".safetensors"):
                os.remove(f"{folder}/{name}")  # else the run is finished, and reads no cache
        done = self.again(folder)
        need(done.returncode == 0, f"does not go on: {done.returncode}: {done.stderr[-300:]}")
        for name in ("run/checkpoint.safetensors", "cache/p"):
            need(content(f"{folder}/{name}") == content(f"{self.whole}/{name}"), f"{name} has other bytes")
        left = leftovers(folder)
        need(not left, f"leaves {left}")


class Server:
    """Serves one file, the first time only half of it."""

    def __init__(self, text):
        self.text, self.etag, self.breaks = text, '"one"', 1

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self, server=self):
                server.answer(self)

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def answer(self, h):
        first, size = 0, len(self.text)
        if h.headers.get("If-None-Match") == self.etag:
            h.send_response(304)
            h.send_header("ETag", self.etag)
            h.end_headers()
            return
        asked = re.match(r"bytes=(\d+)-$", h.headers.get("Range", ""))
        if asked and h.headers.get("If-Range") == self.etag:
            first = int(asked[1])
        if first >= size > 0 and asked:
            h.send_response(416)
            h.send_header("Content-Range", f"bytes */{size}")
            h.send_header("Content-Length", "0")
            h.end_headers()
            return
        h.send_response(206 if first else 200)
        if first:
            h.send_header("Content-Range", f"bytes {first}-{size - 1}/{size}")
        h.send_header("ETag", self.etag)
        h.send_header("Content-Length", str(size - first))
        h.end_headers()
        part = self.text[first:]
        if self.breaks:
            self.breaks -= 1
            part = part[:len(part) // 2]
            h.close_connection = True
        h.wfile.write(part)


class Fetch(Scenario):
    """A download through the cache, whose first connection breaks; then another version of the same size."""
    name, file = "fetch", "d.bin"

    def version(self, number):
        return random.Random(number).randbytes(50000)

    def wanted(self):
        return {"data/d.bin": self.version(2)}

    def prepare(self):
        os.makedirs(self.whole)
        self.server = Server(self.version(1))

    def commands(self):
        get = [self.a.program, "stage", "--retry-base=0.01", "get",
               f"http://127.0.0.1:{self.server.http.server_address[1]}/{self.file}", "data"]
        yield get
        self.server.text, self.server.etag, self.server.breaks = self.version(2), '"two"', 1
        yield get

    def environment(self):
        return {"XDG_CACHE_HOME": "cache", "DEEPSQUARE_SHARED_TMP": "", "http_proxy": ""}

    def again(self, folder, *more):
        return run(self.get, folder, **dict(self.environment(), XDG_CACHE_HOME=f"{folder}/cache"))

    def run_once(self):
        self.environment = lambda: {"XDG_CACHE_HOME": f"{self.whole}/cache", "DEEPSQUARE_SHARED_TMP": "", "http_proxy": ""}
        super().run_once()
        self.get = list(self.commands())[-1]
        self.server.breaks = 0

    def watch(self, op, a, b, data, disk):
        if op == "":
            self.done = 0
        self.done += op == "X" and data.startswith(b"command ok")
        return self.done

    def look(self, folder, tree, done):
        if done == 2:
            for name, text in self.wanted().items():
                need(tree.get(name) == text, f"{name} was fetched, but is not what was sent")

    def go_on(self, folder):
        done = self.again(folder)
        need(done.returncode == 0, f"does not go on: {done.returncode}: {done.stderr[-300:]}")
        for name, text in self.wanted().items():
            need(os.path.exists(f"{folder}/{name}") and content(f"{folder}/{name}") == text,
                 f"{name} is not what was sent")
        left = leftovers(folder)
        need(not left, f"leaves {left}")
        cached = [n for n in os.listdir(f"{folder}/cache/dla-train") if not n.endswith((".lock", ".meta"))]
        need(len(cached) == 1, f"the cache keeps {cached}")


class FetchArchive(Fetch):
    """The same with an archive."""
    name, file = "archive", "d.tar.gz"

    def files(self, number):
        return {f"set/{k}/{i}.bin": random.Random(100 * number + i).randbytes(3000) for k in "ab" for i in range(2)}

    def wanted(self):
        return {f"data/{name}": text for name, text in self.files(2).items()}

    def version(self, number):
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as tar:
            for name, text in self.files(number).items():
                info = tarfile.TarInfo(name)
                info.size = len(text)
                tar.addfile(info, io.BytesIO(text))
        return packed.getvalue()


SCENARIOS = {s.name: s for s in (Train, TrainPth, Resume, Elsewhere, Sweep, Pictures, Fetch, FetchArchive)}


def posix(path):
    return path.replace(os.sep, "/")


def check(scenario, folder, tree, wanted):
    """What is wrong with the state, or None."""
    os.makedirs(folder)
    try:
        crash_states.write(tree, folder)
        scenario.look(folder, tree, wanted)
        scenario.go_on(folder)
    except Wrong as wrong:
        return str(wrong)
    except subprocess.TimeoutExpired:
        return "does not end"
    shutil.rmtree(folder)
    return None


def try_states(a, home, name):
    scenario = SCENARIOS[name](a, home)
    scenario.run_once()
    kinds, bad = collections.Counter(), 0
    states = [s for i, s in enumerate(scenario.states()) if i % a.every == 0]
    with concurrent.futures.ThreadPoolExecutor(a.jobs) as pool:
        found = pool.map(lambda s: check(scenario, f"{home}/{name}/{s[0]}", s[1][1], s[1][2]), enumerate(states))
        for number, ((kind, _, wanted), wrong) in enumerate(zip(states, found)):
            kinds[kind] += 1
            if wrong:
                bad += 1
                print(f"{name} {number} ({kind}; told: {wanted}): {wrong}", flush=True)
    told = ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items()))
    print(f"{name}: {len(states)} states, {bad} bad ({told})", flush=True)
    return len(states), bad


def arguments():
    p = parser("record", "state")
    p.add_argument("--scenarios", default=",".join(SCENARIOS))
    a = p.parse_args()
    a.program, a.record, a.data = (os.path.abspath(x) for x in (a.program, a.record, a.data))
    return a


def main():
    a = arguments()
    # Nothing here needs a disk, and each run waits for one many times.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) and not os.environ.get("TMPDIR") else None
    home = os.path.realpath(tempfile.mkdtemp(prefix="dla-power-", dir=memory))
    done = [try_states(a, home, name) for name in a.scenarios.split(",")]
    states, bad = map(sum, zip(*done))
    print(f"{states} states after a power failure: {bad} bad")
    if not bad:
        shutil.rmtree(home)
    sys.exit(1 if bad else 0)


main()
