#!/usr/bin/python3
"""A run that PyTorch begins and this program goes on with, and back. For torch.sh.

    go_on.py PROGRAM    (tests/golden/go_on)

Three steps there and one here are four steps there, and three more there; each reads what the other
wrote, and gives the same logits."""
import copy
import fnmatch
import json
import subprocess
import sys

import torch
from torch.nn import functional as F

from make import SimpleDLA, fixed, set_weights

BATCH = 8


def images(name):
    return (4 * torch.from_numpy(fixed(name, BATCH * 3072)) - 2).reshape(BATCH, 3, 32, 32)


def freeze(net, layers):
    """Freezes those layers; returns what sets the mode for a step."""
    frozen = [m for name, m in net.named_modules() for layer in layers
              if name == layer or name.startswith(layer + ".")]
    for module in frozen:
        module.requires_grad_(False)

    def mode():
        net.train()
        for module in frozen:
            module.eval()
    return mode


def train(net, optimizer, first, steps, mode=None):
    (mode or net.train)()
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


# Groups and frozen layers as dla-train has them; no_decay is norm_and_bias where there are groups.
GROUPS = [{"match": "*.bias", "lr_scale": 4}]
FROZEN = ["base", "layer1", "layer4.root.bn", "layer5.left_tree.root.conv"]


def param_groups(net, groups):
    """Those that GROUPS makes, in dla-train's order."""
    if not groups:
        return net.parameters()
    named = list(net.named_parameters())
    biases = [p for n, p in named if fnmatch.fnmatch(n, groups[0]["match"])]
    norms = [p for n, p in named if p.dim() == 1 and not n.endswith(".bias")]
    return [{"params": biases, "lr": 1e-4 * groups[0]["lr_scale"], "weight_decay": 0},
            {"params": [p for n, p in named if p.dim() > 1]},
            {"params": norms, "weight_decay": 0}]


def make_optimizer(net, rule, groups):
    make, options, _ = OPTIMIZERS[rule]
    return make(param_groups(net, groups), lr=1e-4, weight_decay=0.05, **options)


def state_of(net, optimizer):
    """With the names that PyTorch 2.6 keeps of named parameters."""
    state = optimizer.state_dict()
    names = {id(p): n for n, p in net.named_parameters()}
    for group, own in zip(state["param_groups"], optimizer.param_groups):
        if len(state["param_groups"]) > 1:
            group["param_names"] = [names[id(p)] for p in own["params"]]
    return state


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


def check(program, rule, groups, frozen):
    net = SimpleDLA()
    set_weights(net)
    start = copy.deepcopy(net.state_dict())
    optimizer = make_optimizer(net, rule, groups)
    mode = freeze(net, frozen)
    train(net, optimizer, 0, 3, mode)
    torch.save({"net": {"module." + k: v for k, v in net.state_dict().items()}, "acc": 12.5,
                "epoch": 0, "optimizer": state_of(net, optimizer)}, "theirs.pth")
    lists = [json.dumps(words) if words else "" for words in (groups, frozen)]
    done = subprocess.run([program, "theirs.pth", "ours.pth", rule, *lists], check=True,
                          capture_output=True)
    printed = torch.tensor([float(line) for line in done.stdout.split()])
    expect_near("logits of theirs", printed[:BATCH * 10], logits(net), 1e-4)
    train(net, optimizer, 3, 1, mode)

    ours = torch.load("ours.pth", weights_only=True)
    back = SimpleDLA()
    back.load_state_dict(ours["net"], strict=True)
    assert list(ours["net"]) == list(net.state_dict())
    assert ours["epoch"] == 0 and ours["acc"] == 12.5
    expect_near("logits of ours", printed[BATCH * 10:], logits(back), 1e-4)
    changed = {name for name, t in net.state_dict().items() if not torch.equal(t, start[name])}
    expect_near_tensors("what four steps changed", *(
        {name: (t - start[name]).double() for name, t in state.items() if name in changed}
        for state in (net.state_dict(), back.state_dict())))
    # PyTorch's frozen batch norms do not count; ours do, which nothing is computed from.
    assert all(torch.equal(t, start[n]) for n, t in back.state_dict().items()
               if n not in changed and not n.endswith("num_batches_tracked"))

    resumed = make_optimizer(back, rule, groups)
    mode_back = freeze(back, frozen)
    resumed.load_state_dict(ours["optimizer"])
    for group, theirs in zip(resumed.param_groups, optimizer.param_groups):
        assert abs(group["lr"] / theirs["lr"] - 1) < 1e-6, group
        assert group["weight_decay"] == theirs["weight_decay"], group
        assert group.get("betas") == theirs.get("betas"), group
    for name in OPTIMIZERS[rule][2]:
        expect_near_tensors(name, *(
            {n: o.state[p][name] for n, p in of.named_parameters() if p.requires_grad}
            for o, of in ((optimizer, net), (resumed, back))))
    assert all(p.requires_grad or p not in resumed.state for p in back.parameters())
    if rule != "sgd":
        assert all(float(resumed.state[p]["step"]) == 4 for p in back.parameters() if p.requires_grad)
    train(net, optimizer, 4, 3, mode)
    train(back, resumed, 4, 3, mode_back)
    # Adam divides by what a flipped ReLU has changed.
    expect_near("logits after going on in PyTorch", logits(back), logits(net),
                1e-3 if rule == "sgd" else 2e-2)


def main():
    torch.set_num_threads(1)
    for rule, groups, frozen in [("sgd", [], []), ("sgd", GROUPS, FROZEN), ("adamw", GROUPS, [])]:
        print(rule, groups, frozen, file=sys.stderr)
        check(sys.argv[1], rule, groups, frozen)


main()
