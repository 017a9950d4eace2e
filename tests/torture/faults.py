#!/usr/bin/python3
"""A training run in which one call on its files fails: each call in turn, once and for good.

    faults.py DLA_TRAIN FAULT.SO [--every N] [--calls open,write,...] [--jobs N]

Whatever fails, the run must end by itself with a status that it documents and a line that says why, no
signal and no time-out. The checkpoint of its name is then whole, or there is none yet; a run that goes on
from what is left comes to the bytes of a run that was never disturbed; and no temporary file stays."""
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


def arguments():
    p = parser("fault", "call")
    p.add_argument("--calls", default=",".join(ERRORS))
    return p.parse_args()


def train(a, folder, fault=None, counts=None):
    environment = {}
    if fault or counts:
        environment.update(LD_PRELOAD=a.fault, FAULT_UNDER="run")
    if fault:
        environment["FAULT"] = fault
    if counts:
        environment["FAULT_COUNTS"] = counts
    return run([a.program, "c.yaml"], folder, **environment)


def check(a, folder, fault, whole):
    """What is wrong after a run with this fault, or None."""
    shutil.rmtree(folder, ignore_errors=True)
    prepare(folder, a.data)
    try:
        done = train(a, folder, fault)
    except subprocess.TimeoutExpired:
        return "does not end"
    if done.returncode not in STATUSES:
        return f"ends with {done.returncode}: {done.stderr[-300:]}"
    if done.returncode and b"error" not in done.stderr:
        return f"ends with {done.returncode} and says nothing: {done.stderr[-300:]}"
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


def main():
    a = arguments()
    a.program, a.fault = os.path.abspath(a.program), os.path.abspath(a.fault)
    home = tempfile.mkdtemp(prefix="dla-faults-")
    whole = home + "/whole"
    prepare(whole, a.data)
    done = train(a, whole, counts=home + "/counts")
    if done.returncode:
        sys.exit(f"faults: the run without a fault ends with {done.returncode}: {done.stderr.decode()}")
    counts = {line.split()[0]: int(line.split()[1]) for line in open(home + "/counts")}
    tried = list(cases(a, counts))
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(a.jobs) as pool:
        found = pool.map(lambda case: check(a, home + "/" + case[1].replace(":", "-"), case[1], whole),
                         enumerate(tried))
        for fault, wrong in zip(tried, found):
            if wrong:
                bad += 1
                print(f"{fault}: {wrong}", flush=True)
            else:
                shutil.rmtree(home + "/" + fault.replace(":", "-"), ignore_errors=True)
    calls = ", ".join(f"{counts[c]} {c}" for c in a.calls.split(",") if counts.get(c))
    print(f"{len(tried)} faults in {calls}: {bad} found")
    if not bad:
        shutil.rmtree(home)
    sys.exit(1 if bad else 0)


main()
