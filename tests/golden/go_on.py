#!/usr/bin/python3
"""A run that PyTorch begins and this program goes on with, and back. For torch.sh.

    go_on.py PROGRAM    (tests/golden/go_on)

Three steps there and one here are four steps there, and three more there; each reads what the other
wrote, and gives the same logits."""
import copy
import subprocess
import sys

import torch
from torch.nn import functional as F

from make import SimpleDLA, fixed, set_weights

BATCH = 8


def images(name):
    return (4 * torch.from_numpy(fixed(name, BATCH * 3072)) - 2).reshape(BATCH, 3, 32, 32)


def train(net, sgd, first, steps):
    net.train()
    for step in range(first, first + steps):
        labels = (torch.from_numpy(fixed(f"labels{step}", BATCH)) * 10).long()
        sgd.zero_grad()
        F.cross_entropy(net(images(f"images{step}")), labels).backward()
        sgd.step()


def logits(net):
    net.eval()
    with torch.no_grad():
        return net(images("test")).flatten()


def optimizer(net):
    return torch.optim.SGD(net.parameters(), lr=1e-4, momentum=0.9, weight_decay=0.05)


def expect_near(what, a, b, allowed):
    off = (a - b).abs().max().item()
    print(f"{what}: {off:.2g} (allowed: {allowed})", file=sys.stderr)
    assert off <= allowed, what


def expect_near_tensors(what, theirs, ours):
    """One step from the same numbers: float32 rounds, and a ReLU near zero may flip. Every further step
    would amplify that, by what is another machine's and another PyTorch's; so there is one. Had the
    momentum been lost, it would be most of it."""
    worst = max(((t - ours[name]).norm() / t.norm()).item() for name, t in theirs.items())
    print(f"{what}: {worst:.2g} of it (allowed: 0.02)", file=sys.stderr)
    assert worst <= 0.02, what


def main():
    torch.set_num_threads(1)
    net = SimpleDLA()
    set_weights(net)
    start = copy.deepcopy(net.state_dict())
    sgd = optimizer(net)
    train(net, sgd, 0, 3)
    torch.save({"net": {"module." + k: v for k, v in net.state_dict().items()}, "acc": 12.5,
                "epoch": 0, "optimizer": sgd.state_dict()}, "theirs.pth")
    done = subprocess.run([sys.argv[1], "theirs.pth", "ours.pth"], check=True, capture_output=True)
    printed = torch.tensor([float(line) for line in done.stdout.split()])
    expect_near("logits of theirs", printed[:BATCH * 10], logits(net), 1e-4)
    train(net, sgd, 3, 1)

    ours = torch.load("ours.pth", weights_only=True)
    back = SimpleDLA()
    back.load_state_dict(ours["net"], strict=True)
    assert list(ours["net"]) == list(net.state_dict())
    assert ours["epoch"] == 0 and ours["acc"] == 12.5
    expect_near("logits of ours", printed[BATCH * 10:], logits(back), 1e-4)
    expect_near_tensors("what four steps changed", *(
        {name: (t - start[name]).double() for name, t in state.items()}
        for state in (net.state_dict(), back.state_dict())))

    resumed = optimizer(back)
    resumed.load_state_dict(ours["optimizer"])
    assert resumed.param_groups[0]["lr"] == 1e-4
    theirs = {n: sgd.state[p]["momentum_buffer"] for n, p in net.named_parameters()}
    expect_near_tensors("momentum", theirs, {
        n: resumed.state[p]["momentum_buffer"] for n, p in back.named_parameters()})
    train(net, sgd, 4, 3)
    train(back, resumed, 4, 3)
    expect_near("logits after going on in PyTorch", logits(back), logits(net), 1e-3)


main()
