#!/usr/bin/python3
"""A stand-in for the PyTorch program that the grid's files run: its options, its recipe, its checkpoint,
on a network small enough for a test. Like the original it writes its checkpoint in place."""
import argparse
import os
import pickle

import torch
from torch import nn
from torch.nn import functional as F

MEAN, STD = ([torch.tensor(v).view(1, 3, 1, 1) for v in
              ((0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010))])


def images(folder, names):
    data, labels = [], []
    for name in names:
        with open(f"{folder}/cifar-10-batches-py/{name}", "rb") as file:
            batch = pickle.load(file, encoding="latin1")
        data.append(torch.from_numpy(batch["data"]).view(-1, 3, 32, 32).float() / 255)
        labels += batch["labels"]
    return (torch.cat(data) - MEAN) / STD, torch.tensor(labels)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", default=0.1, type=float)
    parser.add_argument("--dataset", default="./data")
    parser.add_argument("--checkpoint_in", default="")
    parser.add_argument("--checkpoint_out", default="./ckpt.pth")
    parser.add_argument("--epochs", default=200, type=int)
    parser.add_argument("--no-cuda", action="store_true")
    parser.add_argument("--horovod", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    train, labels = images(options.dataset, [f"data_batch_{i}" for i in range(1, 6)])
    test, wanted = images(options.dataset, ["test_batch"])
    net = nn.Sequential(nn.Conv2d(3, 8, 3, 4), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Linear(512, 10))
    best, start = -1, 0
    if os.path.exists(options.checkpoint_in):
        state = torch.load(options.checkpoint_in)
        net.load_state_dict(state["net"])
        best, start = state["acc"], state["epoch"] + 1
    elif options.checkpoint_in:
        print(f"no checkpoint {options.checkpoint_in}")
    sgd = torch.optim.SGD(net.parameters(), lr=options.lr, momentum=0.9, weight_decay=5e-4)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(sgd, T_max=200)
    for epoch in range(start, options.epochs):
        net.train()
        for part in torch.randperm(len(train)).split(128):
            sgd.zero_grad()
            F.cross_entropy(net(train[part]), labels[part]).backward()
            sgd.step()
        schedule.step()
        net.eval()
        with torch.no_grad():
            accuracy = 100 * (net(test).argmax(1) == wanted).float().mean().item()
        print(f"epoch {epoch}: {accuracy:.1f} %", flush=True)
        if accuracy > best:
            best = accuracy
            torch.save({"net": net.state_dict(), "acc": accuracy, "epoch": epoch}, options.checkpoint_out)


main()
