#!/usr/bin/python3
"""Makes tests/golden/simple_dla.txt with PyTorch: SimpleDLA from fixed weights, ten SGD steps on fixed
batches (the last one smaller), the losses, and a digest of every tensor afterwards.

    /usr/bin/python3 tests/golden/make.py > tests/golden/simple_dla.txt

Weights and images come from an integer hash (see fixed()), which test_golden.c computes as well; so
nothing large is committed."""
import math

import numpy as np
import torch
from torch.nn import functional as F

from simple_dla import SimpleDLA


def fixed(name, count):
    """count numbers in [0, 1): lowbias32 (Wellons, 2018) of the position and the name's FNV-1a."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x01000193) & 0xFFFFFFFF
    x = np.arange(count, dtype=np.uint32) + np.uint32(seed)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x7FEB352D)
    x ^= x >> np.uint32(15)
    x *= np.uint32(0x846CA68B)
    x ^= x >> np.uint32(16)
    return (x >> np.uint32(8)).astype(np.float32) / np.float32(1 << 24)


def set_weights(net):
    for name, p in net.named_parameters():
        u = torch.from_numpy(fixed(name, p.numel())).reshape(p.shape)
        with torch.no_grad():
            if p.dim() > 1:
                p.copy_((2 * u - 1) / math.sqrt(p[0].numel()))
            elif name.endswith("weight"):
                p.copy_(0.5 + u)
            else:
                p.copy_(u - 0.5)


def run(dtype):
    """Losses, tensors and test logits in one precision."""
    net = SimpleDLA()
    set_weights(net)
    net = net.to(dtype).train()
    start = {name: t.clone() for name, t in net.state_dict().items()}
    sgd = torch.optim.SGD(net.parameters(), lr=1e-4, momentum=0.9, weight_decay=0.05)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(sgd, T_max=20)
    steps = []
    for step in range(10):
        count = 8 if step < 9 else 5
        images = 4 * torch.from_numpy(fixed(f"images{step}", count * 3072)) - 2
        labels = torch.from_numpy((fixed(f"labels{step}", count) * 10).astype(np.int64))
        sgd.zero_grad()
        loss = F.cross_entropy(net(images.reshape(count, 3, 32, 32).to(dtype)), labels)
        loss.backward()
        steps.append((sgd.param_groups[0]["lr"], loss.item()))
        sgd.step()
        cosine.step()
    # What training changed, which a digest of the tensor itself would hide.
    changes = {name: (t - start[name]).double().flatten()
               for name, t in net.state_dict().items() if t.is_floating_point()}
    net.eval()
    with torch.no_grad():
        images = 4 * torch.from_numpy(fixed("test", 4 * 3072)) - 2
        logits = net(images.reshape(4, 3, 32, 32).to(dtype)).double()
    return steps, changes, logits


def main():
    """Prints the float64 numbers, and behind each how far PyTorch's own float32 is from it."""
    steps, changes, logits = run(torch.float64)
    steps32, changes32, logits32 = run(torch.float32)
    print("parameters", sum(p.numel() for p in SimpleDLA().parameters()))
    for step, ((lr, loss), (_, loss32)) in enumerate(zip(steps, steps32)):
        print("step", step, repr(lr), "%.10f %.1e" % (loss, abs(loss32 - loss)))
    for name, d in changes.items():
        d32 = changes32[name]
        print("tensor", name, "%.9g %.9g %.1e" % (d.sum(), d.norm(), (d32 - d).norm() / d.norm()))
    for row, row32 in zip(logits, logits32):
        print("logits", " ".join("%.6f" % x for x in row), "%.1e" % (row32 - row).abs().max())


if __name__ == "__main__":
    main()
