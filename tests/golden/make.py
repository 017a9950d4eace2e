#!/usr/bin/python3
"""Makes tests/golden/simple_dla.txt with PyTorch: SimpleDLA from fixed weights, the gradients of one step
in float64 for two batch sizes, what it makes of the running statistics, and logits.

    /usr/bin/python3 -B tests/golden/make.py > tests/golden/simple_dla.txt

Weights and images come from an integer hash (see fixed()), which test_golden.c computes as well; so
nothing large is committed. A ReLU whose input is as near to zero as rounding may flip, and then a correct
program's gradient is another. So each channel's bias puts zero into a gap between its inputs (see
choose_biases()), and what is compared is one step: a second one would see other inputs."""
import math
import sys

import numpy as np
import torch
from torch.nn import functional as F

from simple_dla import SimpleDLA

BATCHES = (8, 16)  # direct convolutions and Winograd
GRID = 4096  # biases are multiples of 1 / GRID
MARGIN = 1e-4  # of each ReLU's input from zero, at least
PROJECTIONS = 3


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


def batch(count):
    images = 4 * torch.from_numpy(fixed(f"images{count}", count * 3072)) - 2
    labels = torch.from_numpy((fixed(f"labels{count}", count) * 10).astype(np.int64))
    return images.reshape(count, 3, 32, 32), labels


def best_shift(values):
    """The whole number of grid steps, within a half either way, that leaves values furthest from zero."""
    shifts = torch.arange(-GRID // 2, GRID // 2 + 1)
    ordered = values.flatten().sort().values
    zeros = -shifts.double() / GRID
    after = torch.searchsorted(ordered, zeros)
    above = (ordered[after.clamp(max=len(ordered) - 1)] - zeros).abs()
    below = (ordered[(after - 1).clamp(min=0)] - zeros).abs()
    margins = torch.minimum(above, below)
    return int(shifts[margins.argmax()]), float(margins.max())


def choose_biases(net):
    """Biases, as grid steps, of each batch norm that ends before a ReLU, and the smallest margin. Both batches
    go through the network side by side, each with its own statistics."""
    chosen, margins, last = {}, [], []
    relu, forward = F.relu, torch.nn.BatchNorm2d.forward
    names = {module: name + ".bias" for name, module in net.named_modules()}

    def side_by_side(bn, x):
        last[:] = [bn]
        parts = x.split(BATCHES)
        return torch.cat([F.batch_norm(part, None, None, bn.weight, bn.bias, True, 0, bn.eps) for part in parts])

    def shift(x, inplace=False):
        bn = last[0]
        best = [best_shift(x[:, c]) for c in range(x.shape[1])]
        steps = torch.tensor([j for j, _ in best])
        margins.append(min(m for _, m in best))
        chosen[names[bn]] = steps
        bn.bias += steps.double() / GRID
        return relu(x + (steps.double() / GRID).reshape(1, -1, 1, 1))

    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.bias.data.zero_()
    F.relu, torch.nn.BatchNorm2d.forward = shift, side_by_side
    try:
        with torch.no_grad():
            net(torch.cat([batch(count)[0] for count in BATCHES]).double())
    finally:
        F.relu, torch.nn.BatchNorm2d.forward = relu, forward
    return chosen, min(margins)


def run(state, count, dtype):
    """Loss, gradients and statistics of one step, and logits of evaluation after it."""
    net = SimpleDLA()
    net.load_state_dict(state)
    net = net.to(dtype).train()
    images, labels = batch(count)
    loss = F.cross_entropy(net(images.to(dtype)), labels)
    loss.backward()
    tensors = {name: p.grad.double().flatten() for name, p in net.named_parameters()}
    tensors.update((name, b.double().flatten()) for name, b in net.named_buffers() if b.is_floating_point())
    torch.optim.SGD(net.parameters(), lr=1e-3).step()
    net.eval()
    with torch.no_grad():
        logits = net(batch(4)[0].to(dtype)).double()
    return loss.item(), tensors, logits


def main():
    """Prints the float64 numbers, and behind each how far PyTorch's own float32 is from it."""
    net = SimpleDLA()
    set_weights(net)
    net = net.double()
    chosen, margin = choose_biases(net)
    print("smallest ReLU input: %.2e" % margin, file=sys.stderr)
    if margin < MARGIN:
        sys.exit("a ReLU's input is nearer to zero than %g: take other images" % MARGIN)
    state = net.float().state_dict()
    print("parameters", sum(p.numel() for p in net.parameters()))
    for name, steps in chosen.items():
        print("shift", name, " ".join(str(int(j)) for j in steps))
    for count in BATCHES:
        loss, tensors, logits = run(state, count, torch.float64)
        loss32, tensors32, logits32 = run(state, count, torch.float32)
        print("batch", count, "%.10f %.1e" % (loss, abs(loss32 - loss)))
        for name, t in tensors.items():
            vectors = [torch.from_numpy(2 * fixed(f"projection{j}", t.numel()).astype(np.float64) - 1)
                       for j in range(PROJECTIONS)]
            print("tensor", name, " ".join("%.10g" % x for x in [t.norm()] + [v @ t for v in vectors]),
                  "%.1e" % ((tensors32[name] - t).norm() / t.norm()))
        for row, row32 in zip(logits, logits32):
            print("logits", " ".join("%.8g" % x for x in row), "%.1e" % (row32 - row).abs().max())


if __name__ == "__main__":
    main()
