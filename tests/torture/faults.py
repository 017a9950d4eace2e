#!/usr/bin/python3
"""A training run, or another verb, in which one call fails: each call in turn, once and for good.

    faults.py DLA_TRAIN FAULT.SO [--every N] [--calls open,write,...] [--jobs N] [--verbs train,export,...]

Whatever fails, the program must end by itself with a status that it documents and a line that says why, no
signal and no time-out. After a training run the checkpoint of its name is whole, or there is none yet; a run that
goes on from what is left comes to the bytes of a run that was never disturbed; and no temporary file stays. Of
another verb each file that it writes is whole or not there, and the same command then does what it always does."""
import concurrent.futures
import errno
import os
import shutil
import subprocess
import sys
import tempfile

from tiny_run import STATUSES, content, losses, parser, prepare, run

ERRORS = {"open": [errno.EACCES, errno.EMFILE], "read": [errno.EIO, errno.EINTR], "fsync": [errno.EIO],
          "write": [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EINTR, "short"], "close": [errno.EIO],
          "rename": [errno.EIO, errno.EACCES], "link": [errno.EPERM, errno.ENOSPC],
          "unlink": [errno.EIO], "mkdir": [errno.ENOSPC], "truncate": [errno.EIO], "map": [errno.ENOMEM],
          "memory": [errno.ENOMEM], "thread": [errno.EAGAIN]}


# What they write goes below run, where calls on files are counted.
VERBS = {"train": ["c.yaml"],
         "export": ["export", "whole.safetensors", "run/net.onnx"],
         "convert": ["convert", "whole.safetensors", "run/net.pth"],
         "inspect": ["inspect", "whole.safetensors", "--json"],
         "predict": ["predict", "whole.safetensors", "pictures", "--json"],
         "data": ["data", "pictures", "--json"],
         "pack": ["data", "pack", "pictures", "run/pictures.tar"],
         "stage": ["stage", "put", "pictures", "run/copy"],
         "new": ["new", "run/new", "--data=pictures"],
         "sweep": ["sweep", "sweep.yaml", "--dry-run"],
         "workflow": ["workflow.yaml", "--no-container", "--dry-run"]}
SWEEP = "base: c.yaml\nparameters:\n  optimizer.lr: [0.1, 0.01]\noutput: {dir: run/sweep}\n"
WORKFLOW = """resources: {tasks: 1, cpusPerTask: 1, memPerCpu: 100, gpusPerTask: 0}
steps:
  - {name: one, run: {command: "echo $A", env: [{key: A, value: b}]}}
"""


def arguments():
    p = parser("fault", "call")
    p.add_argument("--calls", default=",".join(ERRORS))
    p.add_argument("--verbs", default="train", help=", ".join(VERBS))
    return p.parse_args()


def start(a, verb, folder, fault=None, counts=None):
    environment = {}
    if fault or counts:
        environment.update(LD_PRELOAD=a.fault, FAULT_UNDER="run")
    if fault:
        environment["FAULT"] = fault
    if counts:
        environment["FAULT_COUNTS"] = counts
    return run([a.program, *VERBS[verb]], folder, **environment)


def train(a, folder, fault=None, counts=None):
    return start(a, "train", folder, fault, counts)


def prepare_verb(a, folder, checkpoint):
    """What the verbs need: a checkpoint, pictures of two classes, a sweep, a workflow."""
    from PIL import Image
    prepare(folder, a.data)
    os.mkdir(folder + "/run")
    shutil.copy(checkpoint, folder + "/whole.safetensors")
    for i in range(4):
        os.makedirs(f"{folder}/pictures/{'ab'[i % 2]}", exist_ok=True)
        picture = f"{folder}/pictures/{'ab'[i % 2]}/{i}.jpg"
        Image.new("RGB", (40, 30), (60 * i, 10, 0)).save(picture)
        os.utime(picture, (1, 1))
    for name, text in (("sweep.yaml", SWEEP), ("workflow.yaml", WORKFLOW)):
        with open(f"{folder}/{name}", "w") as f:
            f.write(text)


def written(folder):
    """The files below run, as if the folder had another name."""
    return {os.path.relpath(os.path.join(at, name), folder): content(os.path.join(at, name)).replace(folder.encode(), b".")
            for at, _, names in os.walk(folder + "/run") for name in names}


def ended_badly(done):
    if done.returncode not in STATUSES:
        return f"ends with {done.returncode}: {done.stderr[-300:]}"
    if done.returncode and b"error" not in done.stderr:
        return f"ends with {done.returncode} and says nothing: {done.stderr[-300:]}"
    return None


def check_verb(a, verb, folder, fault, whole):
    """What is wrong after a verb with this fault, or None. whole: its output and files without one, and a checkpoint."""
    output, files, checkpoint = whole
    shutil.rmtree(folder, ignore_errors=True)
    prepare_verb(a, folder, checkpoint)
    try:
        done = start(a, verb, folder, fault)
    except subprocess.TimeoutExpired:
        return "does not end"
    wrong = ended_badly(done)
    if wrong:
        return wrong
    halves = [name for name, text in written(folder).items() if name in files and text != files[name]]
    if halves or (not done.returncode and written(folder) != files):
        return f"says {done.returncode} and leaves {halves or sorted(written(folder))}: {done.stderr[-300:]}"
    if not done.returncode:
        return None if done.stdout == output or verb == "stage" else f"prints {done.stdout}"
    if verb in ("new", "pack") and written(folder) == files:
        return None  # it failed after that, and overwrites nothing
    again = start(a, verb, folder)
    if again.returncode or written(folder) != files:
        return f"then ends with {again.returncode}, files {sorted(written(folder))}: {again.stderr[-300:]}"
    return None


def check(a, folder, fault, whole):
    """What is wrong after a run with this fault, or None."""
    shutil.rmtree(folder, ignore_errors=True)
    prepare(folder, a.data)
    try:
        done = train(a, folder, fault)
    except subprocess.TimeoutExpired:
        return "does not end"
    wrong = ended_badly(done)
    if wrong:
        return wrong
    checkpoint = f"{folder}/run/checkpoint.safetensors"
    if os.path.exists(checkpoint):
        seen = subprocess.run([a.program, "inspect", checkpoint], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if seen.returncode:
            return f"the checkpoint is not whole: {seen.stderr[-300:]}"
    again = train(a, folder)
    if again.returncode and b"the run is finished" not in again.stderr:
        return f"does not go on: {again.returncode}: {again.stderr[-300:]}"
    if content(checkpoint) != content(f"{whole}/run/checkpoint.safetensors"):
        return "goes on to other bytes"
    if losses(f"{folder}/run") != losses(f"{whole}/run"):
        return f"metrics are not those of one run: {losses(f'{folder}/run')}"
    # A lock that could not be removed stays until a run has something to do here: a finished one takes none.
    kept = {".dla-locked"} if fault.startswith("unlink") else set()
    left = {name for name in os.listdir(f"{folder}/run") if name.endswith(".tmp") or name.startswith(".dla")} - kept
    return f"leaves {left}" if left else None


def cases(a, counts):
    for call in a.calls.split(","):
        for number in range(1, counts.get(call, 0) + 1, a.every):
            for error in ERRORS[call]:
                for ending in ("", ":always"):
                    if error not in (errno.EINTR, "short") or not ending:  # these are tried again for ever
                        yield f"{call}:{number}:{error}{ending}"


def read_counts(path):
    with open(path) as file:
        return {line.split()[0]: int(line.split()[1]) for line in file}


def try_verb(a, verb, home, checkpoint):
    """Prints what is wrong with it; returns the number."""
    whole = f"{home}/{verb}-whole"
    prepare(whole, a.data) if verb == "train" else prepare_verb(a, whole, checkpoint)
    done = start(a, verb, whole, counts=f"{home}/{verb}-counts")
    if done.returncode:
        sys.exit(f"faults: {verb} without a fault ends with {done.returncode}: {done.stderr.decode()}")
    counts = read_counts(f"{home}/{verb}-counts")
    tried, bad = list(cases(a, counts)), 0

    def one(fault):
        folder = f"{home}/{verb}-{fault.replace(':', '-')}"
        if verb == "train":
            return check(a, folder, fault, whole)
        return check_verb(a, verb, folder, fault, (done.stdout, written(whole), checkpoint))
    with concurrent.futures.ThreadPoolExecutor(a.jobs) as pool:
        for fault, wrong in zip(tried, pool.map(one, tried)):
            if wrong:
                bad += 1
                print(f"{verb} {fault}: {wrong}", flush=True)
            else:
                shutil.rmtree(f"{home}/{verb}-{fault.replace(':', '-')}", ignore_errors=True)
    calls = ", ".join(f"{counts[c]} {c}" for c in a.calls.split(",") if counts.get(c))
    print(f"{verb}: {len(tried)} faults in {calls}: {bad} found", flush=True)
    return bad


def main():
    a = arguments()
    a.program, a.fault = os.path.abspath(a.program), os.path.abspath(a.fault)
    home = tempfile.mkdtemp(prefix="dla-faults-")
    prepare(home + "/first", a.data)
    if train(a, home + "/first").returncode:
        sys.exit("faults: the run without a fault fails")
    bad = sum(try_verb(a, verb, home, home + "/first/run/checkpoint.safetensors") for verb in a.verbs.split(","))
    if not bad:
        shutil.rmtree(home)
    sys.exit(1 if bad else 0)


main()
