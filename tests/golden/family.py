#!/usr/bin/python3
"""Every built-in network against PyTorch in float64, from the same random weights: parameters, the logits, the
loss of a step, and each tensor's gradient. For models.sh.

    family.py PROGRAM BACKEND [MODEL...]    (PROGRAM: tests/golden/family)"""
import copy
import subprocess
import sys

import torch
from torch.nn import functional as F

from dla import DLA, FAMILY, FastDLA
from make import fixed
from simple_dla import SimpleDLA

BATCH = 4
OF_ANY_SIZE = {"simple_dla": SimpleDLA, "dla": DLA, "dla_fast": FastDLA}
PARAMETERS = {"simple_dla": 15142970, "dla": 16291386, "dla_fast": 3461944}  # with 10 classes; two are pytorch-cifar's
MILLIONS = {"dla34": 15.74, "dla46_c": 1.30, "dla46x_c": 1.07, "dla60": 22.04, "dla60x": 17.35, "dla60x_c": 1.32,
            "dla102": 33.27, "dla102x": 26.31, "dla102x2": 41.28, "dla169": 53.39}  # of the paper, 1,000 classes
LOGITS, LOSS = 1e-4, 1e-3  # the loss is of a training step, whose norms see few values on the last levels
# Of a tensor's norm. In float32 a ReLU near zero may flip, which PyTorch's own float32 shows as well (0.045 in
# dla46x_c); the reference rounds only what it stores, and none of these flips there.
GRADIENT = {"reference": 1e-3}
GRADIENT_WITH_FLIPS = 0.2


def make(model):
    torch.manual_seed(1)
    net = OF_ANY_SIZE[model]() if model in OF_ANY_SIZE else FAMILY[model](classes=10)
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.uniform_(module.bias, -0.5, 0.5)
            torch.nn.init.uniform_(module.running_mean, -0.1, 0.1)
            torch.nn.init.uniform_(module.running_var, 0.5, 1.5)
    return net


def off(ours, theirs):
    return ((ours.double() - theirs).norm() / theirs.norm()).item()


def check_parameters(model, net, printed):
    count = sum(p.numel() for p in net.parameters())
    assert printed == count, f"{model}: {printed} parameters, but PyTorch has {count}"
    if model in PARAMETERS:
        assert count == PARAMETERS[model], f"{model}: {count} parameters"
    else:
        thousand = count + 990 * (net.fc.in_channels + 1)
        assert abs(thousand / 1e6 - MILLIONS[model]) < 0.006, f"{model}: {thousand} parameters with 1,000 classes"


def check(program, backend, model):
    side = 32 if model in PARAMETERS else 64
    net = make(model)
    torch.save(net.state_dict(), "theirs.pth")
    done = subprocess.run([program, model, str(side), "theirs.pth", "ours.pth", backend], check=True,
                          stdout=subprocess.PIPE)
    count, *numbers = done.stdout.split()
    check_parameters(model, net, int(count))
    numbers = torch.tensor([float(n) for n in numbers])
    images = (4 * torch.from_numpy(fixed("images", BATCH * 3 * side * side)) - 2).reshape(BATCH, 3, side, side)
    net = net.double()
    with torch.no_grad():
        logits = off(numbers[:-1], copy.deepcopy(net).eval()(images.double()).flatten())
    loss = F.cross_entropy(net.train()(images.double()), torch.arange(BATCH))
    loss.backward()
    ours = torch.load("ours.pth", weights_only=True)
    assert list(ours["net"]) == list(net.state_dict()), f"{model}: names in another order"
    momentum = [ours["optimizer"]["state"][i]["momentum_buffer"] for i in range(len(list(net.parameters())))]
    gradient = max(off(m, p.grad) for m, p in zip(momentum, net.parameters()))
    print(f"{model} on {backend}: logits {logits:.1e}, loss {abs(numbers[-1].item() - loss.item()):.1e}, "
          f"gradients {gradient:.1e}", file=sys.stderr)
    assert logits < LOGITS and abs(numbers[-1].item() - loss.item()) < LOSS, model
    assert gradient < GRADIENT.get(backend, GRADIENT_WITH_FLIPS), model
    net.float().load_state_dict(ours["net"], strict=True)


def main():
    torch.set_num_threads(2)
    for model in sys.argv[3:] or [*PARAMETERS, *FAMILY]:
        check(sys.argv[1], sys.argv[2], model)


if __name__ == "__main__":
    main()
