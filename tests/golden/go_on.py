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


def train(net, optimizer, first, steps):
    net.train()
    for step in range(first, first + steps):
        labels = (torch.from_numpy(fixed(f"labels{step}", BATCH)) * 10).long()
        optimizer.zero_grad()
        F.cross_entropy(net(images(f"images{step}")), labels).backward()
        optimizer.step()


def logits(net):
    net.eval()
    with torch.no_grad():
        return net(images("test")).flatten()


# Names of dla-train's; torch.optim's, its options, and what it keeps. (Adam is written as AdamW is.)
OPTIMIZERS = {
    "sgd": (torch.optim.SGD, {"momentum": 0.9}, ["momentum_buffer"]),
    "adamw": (torch.optim.AdamW, {}, ["exp_avg", "exp_avg_sq"]),
}


def make_optimizer(net, rule):
    make, options, _ = OPTIMIZERS[rule]
    return make(net.parameters(), lr=1e-4, weight_decay=0.05, **options)


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


def check(program, rule):
    net = SimpleDLA()
    set_weights(net)
    start = copy.deepcopy(net.state_dict())
    optimizer = make_optimizer(net, rule)
    train(net, optimizer, 0, 3)
    torch.save({"net": {"module." + k: v for k, v in net.state_dict().items()}, "acc": 12.5,
                "epoch": 0, "optimizer": optimizer.state_dict()}, "theirs.pth")
    done = subprocess.run([program, "theirs.pth", "ours.pth", rule], check=True, capture_output=True)
    printed = torch.tensor([float(line) for line in done.stdout.split()])
    expect_near("logits of theirs", printed[:BATCH * 10], logits(net), 1e-4)
    train(net, optimizer, 3, 1)

    ours = torch.load("ours.pth", weights_only=True)
    back = SimpleDLA()
    back.load_state_dict(ours["net"], strict=True)
    assert list(ours["net"]) == list(net.state_dict())
    assert ours["epoch"] == 0 and ours["acc"] == 12.5
    expect_near("logits of ours", printed[BATCH * 10:], logits(back), 1e-4)
    expect_near_tensors("what four steps changed", *(
        {name: (t - start[name]).double() for name, t in state.items()}
        for state in (net.state_dict(), back.state_dict())))

    resumed = make_optimizer(back, rule)
    resumed.load_state_dict(ours["optimizer"])
    group, theirs = resumed.param_groups[0], optimizer.param_groups[0]
    assert group["lr"] == 1e-4 and group["weight_decay"] == theirs["weight_decay"]
    assert group.get("betas") == theirs.get("betas"), group
    for name in OPTIMIZERS[rule][2]:
        expect_near_tensors(name, {n: optimizer.state[p][name] for n, p in net.named_parameters()},
                            {n: resumed.state[p][name] for n, p in back.named_parameters()})
    if rule != "sgd":
        assert all(float(resumed.state[p]["step"]) == 4 for p in back.parameters())
    train(net, optimizer, 4, 3)
    train(back, resumed, 4, 3)
    # Adam divides by what a flipped ReLU has changed.
    expect_near("logits after going on in PyTorch", logits(back), logits(net),
                1e-3 if rule == "sgd" else 2e-2)


def main():
    torch.set_num_threads(1)
    for rule in OPTIMIZERS:
        print(rule, file=sys.stderr)
        check(sys.argv[1], rule)


main()
