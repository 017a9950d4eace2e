#!/usr/bin/python3
"""A training run, or another verb, in which one call fails: each call in turn, once and for good.

    faults.py DLA_TRAIN FAULT.SO [--every N] [--calls open,write,...] [--jobs N] [--verbs train,export,...]

Whatever fails, the program must end by itself with a status that it documents and a line that says why, no
signal and no time-out. After a training run the checkpoint of its name is whole, or there is none yet; a run that
goes on from what is left comes to the bytes of a run that was never disturbed; and no temporary file stays. Of
another verb each file that it writes is whole or not there, and the same command then does what it always does."""
import concurrent.futures
import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../staging"))
from fake_s3 import FakeS3
from tiny_run import STATUSES, content, losses, parser, prepare, run

ERRORS = {"open": [errno.EACCES, errno.EMFILE], "read": [errno.EIO, errno.EINTR], "fsync": [errno.EIO],
          "write": [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EINTR, "short"], "close": [errno.EIO],
          "rename": [errno.EIO, errno.EACCES], "link": [errno.EPERM, errno.ENOSPC],
          "unlink": [errno.EIO], "mkdir": [errno.ENOSPC], "truncate": [errno.EIO], "map": [errno.ENOMEM],
          "memory": [errno.ENOMEM], "thread": [errno.EAGAIN],
          "socket": [errno.EMFILE], "connect": [errno.ECONNREFUSED, errno.ENETUNREACH, errno.ETIMEDOUT],
          "send": [errno.EPIPE, errno.ECONNRESET, "short"], "receive": [errno.ECONNRESET, errno.ETIMEDOUT, "short"]}

# What they write goes below run, where calls on files are counted, or to the server, below the folder's name.
VERBS = {"train": ["c.yaml"],
         "pushed": ["c.yaml", "output.dir=$DEEPSQUARE_OUTPUT", "output.s3.bucketUrl=s3://bucket", "output.s3.path=/NAME",
                    "staging.retries=2", "staging.flush_seconds=3"],
         "get": ["stage", "get", "s3://bucket/in", "run/got", "--retries=2"],
         "put": ["stage", "put", "pictures", "s3://bucket/NAME", "--retries=2"],
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


server = FakeS3()


def arguments():
    p = parser("fault", "call")
    p.add_argument("--calls", default=",".join(ERRORS))
    p.add_argument("--verbs", default="train", help=", ".join(VERBS))
    return p.parse_args()


def start(a, verb, folder, fault=None, counts=None):
    environment = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "not-the-secret",
                   "AWS_ENDPOINT_URL": server.url, "AWS_REGION": "us-east-1", "DEEPSQUARE_OUTPUT": folder + "/run"}
    if fault or counts:
        environment.update(LD_PRELOAD=a.fault, FAULT_UNDER="run")
    if fault:
        environment["FAULT"] = fault
    if counts:
        environment["FAULT_COUNTS"] = counts
    words = [word.replace("NAME", os.path.basename(folder)) for word in VERBS[verb]]
    return run([a.program, *words], folder, **environment)


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
    """The files below run, as if the folder had another name, and the objects."""
    prefix = os.path.basename(folder) + "/"
    objects = {"s3:" + key[len(prefix):]: body for key, (body, _) in list(server.objects.items()) if key.startswith(prefix)}
    return objects | {os.path.relpath(os.path.join(at, name), folder): content(os.path.join(at, name)).replace(folder.encode(), b".")
            for at, _, names in os.walk(folder + "/run") for name in names}


def tensors(path):
    """A safetensors file without its metadata, which have the configuration: its paths differ."""
    bytes_ = content(path)
    end = 8 + int.from_bytes(bytes_[:8], "little")
    header = json.loads(bytes_[8:end])
    del header["__metadata__"]
    return header, bytes_[end:]


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
        return None if done.stdout == output or verb in ("stage", "get", "put") else f"prints {done.stdout}"
    if verb in ("new", "pack") and written(folder) == files:
        return None  # it failed after that, and overwrites nothing
    again = start(a, verb, folder)
    if again.returncode or written(folder) != files:
        return f"then ends with {again.returncode}, files {sorted(written(folder))}: {again.stderr[-300:]}"
    return None


def check(a, verb, folder, fault, whole):
    """What is wrong after a run with this fault, or None."""
    shutil.rmtree(folder, ignore_errors=True)
    prepare(folder, a.data)
    try:
        done = start(a, verb, folder, fault)
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
    again = start(a, verb, folder)
    if again.returncode and b"the run is finished" not in again.stderr:
        return f"does not go on: {again.returncode}: {again.stderr[-300:]}"
    if tensors(checkpoint) != tensors(f"{whole}/run/checkpoint.safetensors"):
        return "goes on to other bytes"
    if verb == "pushed" and written(folder).get("s3:checkpoint.safetensors") != content(checkpoint):
        return f"the store has not the checkpoint: {again.stderr[-300:]}"
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
    is_run = verb in ("train", "pushed")
    prepare(whole, a.data) if is_run else prepare_verb(a, whole, checkpoint)
    done = start(a, verb, whole, counts=f"{home}/{verb}-counts")
    if done.returncode:
        sys.exit(f"faults: {verb} without a fault ends with {done.returncode}: {done.stderr.decode()}")
    counts = read_counts(f"{home}/{verb}-counts")
    tried, bad = list(cases(a, counts)), 0

    def one(fault):
        folder = f"{home}/{verb}-{fault.replace(':', '-')}"
        if is_run:
            return check(a, verb, folder, fault, whole)
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
    for i in range(3):
        server.put(f"in/{i}", bytes([i]) * 100000)
    a.program, a.fault = os.path.abspath(a.program), os.path.abspath(a.fault)
    home = tempfile.mkdtemp(prefix="dla-faults-")
    prepare(home + "/first", a.data)
    if start(a, "train", home + "/first").returncode:
        sys.exit("faults: the run without a fault fails")
    bad = sum(try_verb(a, verb, home, home + "/first/run/checkpoint.safetensors") for verb in a.verbs.split(","))
    if not bad:
        shutil.rmtree(home)
    sys.exit(1 if bad else 0)


main()
