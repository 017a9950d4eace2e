#!/usr/bin/python3
"""Times SimpleDLA in PyTorch on synthetic images, as `dla-train bench --json` times ours.

    benchmarks/peer.py default|tuned|bf16 training|evaluation BATCH THREADS STEPS

default is how the PyTorch program runs: NCHW, compiled where this PyTorch can, else eager. tuned is the
fastest way that was found: eager, channels_last (and jemalloc, which benchmarks/run preloads). bf16 is tuned under
torch.autocast("cpu", dtype=torch.bfloat16)."""
import json
import resource
import statistics
import sys
import time

START = time.monotonic()

import torch  # noqa: E402  (its import is part of the start)
from torch.nn import functional as F  # noqa: E402

sys.path.insert(0, __file__.rsplit("/", 2)[0] + "/tests/golden")
from simple_dla import SimpleDLA  # noqa: E402


def make(mode):
    net = SimpleDLA()
    how = "eager"
    if mode in ("tuned", "bf16"):
        net = net.to(memory_format=torch.channels_last)
        how = "eager, channels_last" + (", bf16" if mode == "bf16" else "")
    elif hasattr(torch, "compile"):
        net = torch.compile(net)
        how = "torch.compile"
    return net, how


def main():
    mode, what, batch, threads, steps = sys.argv[1:2] + sys.argv[2:3] + [int(x) for x in sys.argv[3:]]
    torch.set_num_threads(threads)
    net, how = make(mode)
    images = 4 * torch.rand(batch, 3, 32, 32) - 2
    if mode in ("tuned", "bf16"):
        images = images.contiguous(memory_format=torch.channels_last)
    labels = torch.randint(10, (batch,))
    sgd = torch.optim.SGD(net.parameters(), lr=1e-3, momentum=0.9, weight_decay=5e-4)

    def loss_of():
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=mode == "bf16"):
            return F.cross_entropy(net(images), labels)

    def train():
        sgd.zero_grad()
        loss = loss_of()
        loss.backward()
        sgd.step()
        return loss.item()

    def evaluate():
        with torch.no_grad():
            return loss_of().item()

    net.train(what == "training")
    step = train if what == "training" else evaluate
    seconds = []
    begin = time.monotonic() - START
    for _ in range(steps + 2):
        start = time.monotonic()
        step()
        seconds.append(time.monotonic() - start)
    median = statistics.median(seconds[2:])
    print(json.dumps({
        "mode": what, "batch": batch, "threads": threads, "images_per_second": batch / median,
        "start_seconds": begin, "first_step_seconds": begin + seconds[0],
        "peak_rss_bytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        "how": "PyTorch %s, %s" % (torch.__version__, how)}))


main()
