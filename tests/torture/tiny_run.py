"""A training run of a moment, for tests of what may happen to its files."""
import argparse
import os
import subprocess

DATA = "/usr/share/datasets/fashion-mnist"
STATUSES = {0, 1, 2, 3, 74, 75}  # README: Exit status
LIMIT = 120  # seconds; a run takes a fraction of one
CONFIG = """
model: {graph: net.yaml}
dataset: {path: DATA, train_limit: 64, test_limit: 16}
train: {epochs: 2, batch_size: 32, test_batch_size: 16, threads: 1}
checkpoint: {in: auto, every_steps: 1, keep_last: 2}
log: {csv: true, report: false}
output: {dir: run}
"""
NET = """
layers:
  - {name: conv1, op: conv2d, src: input, out_channels: 4, kernel: 3, padding: 1, stride: 4}
  - {name: bn1, op: batch_norm}
  - {name: relu1, op: relu}
  - {name: pool, op: avg_pool, kernel: plane}
  - {name: linear, op: linear, out_features: classes}
"""


def parser(preloaded, tried):
    """For the options of a program that tries every one of what it has `tried`, with a library preloaded."""
    p = argparse.ArgumentParser()
    p.add_argument("program")
    p.add_argument(preloaded)
    p.add_argument("--data", default=DATA)
    p.add_argument("--every", type=int, default=1, help=f"try each Nth {tried} only")
    p.add_argument("--jobs", type=int, default=2)
    return p


def prepare(folder, data, config=CONFIG):
    os.makedirs(folder)
    with open(f"{folder}/c.yaml", "w") as f:
        f.write(config.replace("DATA", data))
    with open(f"{folder}/net.yaml", "w") as f:
        f.write(NET)


def run(command, folder, **environment):
    return subprocess.run(command, cwd=folder, env=dict(os.environ, OMP_WAIT_POLICY="passive", **environment),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=LIMIT)


def content(path):
    with open(path, "rb") as f:
        return f.read()


def losses(folder):
    """What metrics.jsonl says of steps, without what clocks say."""
    lines = content(f"{folder}/metrics.jsonl").decode(errors="replace").splitlines()
    return [line.split(',"images_per_second"')[0].split(',"seconds"')[0] for line in lines]
