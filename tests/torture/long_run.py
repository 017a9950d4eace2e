#!/usr/bin/python3
"""A long training run: its memory, descriptors and threads stay what they were.

    long_run.py DLA_TRAIN [--steps 100000] [--data FOLDER]

A small network trains, evaluates, saves (to a new step checkpoint each time) and writes its report. Ten
times a second its resident memory, descriptors and threads are looked at. The largest values of the last
quarter may not be above those of the second one: memory by more than GROWTH for each thousand epochs, of
which the report keeps the curves."""
import argparse
import os
import subprocess
import sys
import tempfile
import time

from tiny_run import DATA, prepare

GROWTH = 1.0  # MB
CONFIG = """
model: {graph: net.yaml}
dataset: {path: DATA, train_limit: 480, test_limit: 48}
train: {epochs: EPOCHS, batch_size: 16, test_batch_size: 16}
checkpoint: {every_steps: 250, keep_last: 2}
log: {csv: true}
output: {dir: run}
"""
STEPS_OF_EPOCH = 30


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("program")
    p.add_argument("--steps", type=int, default=100000)
    p.add_argument("--data", default=DATA)
    return p.parse_args()


def look(pid):
    """Resident MB, descriptors, threads; None: it has ended."""
    try:
        with open(f"/proc/{pid}/status") as f:
            lines = dict(line.split(":", 1) for line in f)
        if "VmRSS" not in lines:
            return None
        return int(lines["VmRSS"].split()[0]) / 1024, len(os.listdir(f"/proc/{pid}/fd")), int(lines["Threads"])
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return None


def watch(program, folder):
    with open(f"{folder}/out", "w") as out:
        run = subprocess.Popen([program, "c.yaml"], cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    seen = []
    try:
        while run.poll() is None:
            now = look(run.pid)
            if now:
                seen.append(now)
            time.sleep(0.1)
    finally:
        if run.poll() is None:
            run.kill()
            run.wait()
    if run.returncode:
        with open(f"{folder}/out") as out:
            sys.exit(f"status {run.returncode}: {out.read()[-2000:]}")
    return seen


def judge(seen, epochs):
    if len(seen) < 40:
        sys.exit("the run was too short to be watched: more --steps")
    quarter = len(seen) // 4
    before = [max(column) for column in zip(*seen[quarter:2 * quarter])]
    after = [max(column) for column in zip(*seen[-quarter:])]
    allowed = GROWTH * max(1, epochs / 1000)
    for name, x, y in zip(("resident MB", "descriptors", "threads"), before, after):
        print(f"{name}: at most {x:.1f} in the second quarter, {y:.1f} in the last")
    if after[0] > before[0] + allowed or after[1] > before[1] or after[2] > before[2]:
        sys.exit("it grows")


def main():
    a = arguments()
    program, epochs = os.path.abspath(a.program), a.steps // STEPS_OF_EPOCH
    with tempfile.TemporaryDirectory() as home:
        folder = f"{home}/long"
        prepare(folder, a.data, CONFIG.replace("EPOCHS", str(epochs)))
        seen = watch(program, folder)
        names = sorted(n for n in os.listdir(f"{folder}/run"))
        print(f"{epochs * STEPS_OF_EPOCH} steps, {epochs} epochs; left: {' '.join(names)}")
    judge(seen, epochs)


if __name__ == "__main__":
    main()
