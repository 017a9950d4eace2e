#!/usr/bin/python3
"""Makes the small checkpoints in tests/golden/pth/ with PyTorch (1.13), for test_pth.c.

    /usr/bin/python3 tests/golden/make_pth.py

Element i of tensor k of a state_dict is k + i / 8, of its momentum buffer -(k + i / 8)."""
import os
import zipfile
from collections import OrderedDict

import torch
from torch import nn

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pth")


def fill(tensor, k, sign=1):
    with torch.no_grad():
        values = sign * (k + torch.arange(tensor.numel(), dtype=torch.float64) / 8)
        tensor.copy_(values.reshape(tensor.shape).to(tensor.dtype))


def network():
    net = nn.Sequential(nn.Conv2d(2, 3, 2), nn.BatchNorm2d(3), nn.Linear(4, 2))
    for k, tensor in enumerate(net.state_dict().values()):
        fill(tensor, k)
    return net


def optimizer(net, make):
    """One step, so that there is a state, whose parameters and momentum are then known again."""
    made = make(net.parameters())
    sum(p.sum() for p in net.parameters()).backward()
    made.step()
    names = list(net.state_dict())
    for k, tensor in enumerate(net.state_dict().values()):
        fill(tensor, k)
    for name, p in net.named_parameters():
        if "momentum_buffer" in made.state[p]:
            fill(made.state[p]["momentum_buffer"], names.index(name), -1)
    return made


def prefixed(prefix, state_dict):
    return OrderedDict((prefix + name, tensor) for name, tensor in state_dict.items())


def sgd(parameters):
    return torch.optim.SGD(parameters, lr=0.1, momentum=0.9, weight_decay=5e-4)


def views():
    """Every type, and tensors that lie in their storages in every way."""
    block = torch.arange(24, dtype=torch.float32) / 8
    tied = torch.tensor([1.0, 2.0])
    return OrderedDict(
        half=torch.arange(4).half() / 8, bfloat16=torch.arange(4).bfloat16() / 8,
        double=torch.arange(4).double() / 8, long=torch.arange(4), int=torch.arange(4).int(),
        short=torch.arange(4).short(), char=torch.arange(4).char(), byte=torch.arange(4).byte(),
        bool=torch.tensor([True, False]), scalar=torch.tensor(2.5), empty=torch.zeros(0, 3),
        offset=block[8:12], transposed=block[:6].reshape(2, 3).t(), every_second=block[1:9:2],
        channels_last=block.reshape(1, 2, 3, 4).contiguous(memory_format=torch.channels_last),
        tied_a=tied, tied_b=tied, parameter=nn.Parameter(torch.tensor([1.5])))


class Code:
    def __reduce__(self):
        return os.system, ("true",)


def save(name, what, **options):
    torch.save(what, os.path.join(FOLDER, name), **options)


def main():
    net = network()
    program = {"net": net.state_dict(), "acc": 12.5, "epoch": 3}
    save("program.pth", program)
    save("bare.pth", net.state_dict())
    save("prefix_module.pth", dict(program, net=prefixed("module.", net.state_dict())))
    save("prefix_both.pth", dict(program, net=prefixed("_orig_mod.module.", net.state_dict())))
    save("views.pth", views())
    save("repeated.pth", {"net": {"a": torch.ones(1).expand(1000)}})
    save("code.pth", dict(program, extra=Code()))
    save("legacy.pth", program, _use_new_zipfile_serialization=False)
    save("not_tensors.pth", {"net": {"a": 1}})
    save("no_net.pth", {"model": net.state_dict()})
    save("optimizer.pth", dict(program, optimizer=optimizer(net, sgd).state_dict()))
    save("adam.pth", dict(program, optimizer=optimizer(net, torch.optim.Adam).state_dict()))
    tensor_acc = dict(program, acc=torch.tensor(12.5))
    save("tensor_acc.pth", tensor_acc)
    source = zipfile.ZipFile(os.path.join(FOLDER, "program.pth"))
    with zipfile.ZipFile(os.path.join(FOLDER, "compressed.pth"), "w", zipfile.ZIP_DEFLATED) as packed:
        for name in source.namelist():
            packed.writestr(zipfile.ZipInfo(name), source.read(name), zipfile.ZIP_DEFLATED)
    torch.jit.save(torch.jit.script(nn.Linear(1, 1)), os.path.join(FOLDER, "script.pth"))


main()
