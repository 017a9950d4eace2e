#!/usr/bin/python3
"""Makes tests/golden/sgd.txt with PyTorch: what torch.optim.SGD and its schedules make of a few parameters
from given gradients, step by step in float64.

    /usr/bin/python3 -B tests/golden/make_sgd.py > tests/golden/sgd.txt

No network computes the gradients, so nothing depends on where a ReLU flips: they and the first parameters
come from make.py's fixed(), as in test_sgd.c."""
import torch
from torch.optim import lr_scheduler

from make import fixed

COUNT, EPOCHS, STEPS = 19, 5, 2  # parameters (no multiple of a vector), epochs, steps in each
# name, SGD's options (lr is 0.1), schedule
CASES = (
    ("plain", {}, None),
    ("momentum", {"momentum": 0.9}, None),
    ("decay", {"weight_decay": 0.05}, None),
    ("both", {"momentum": 0.9, "weight_decay": 0.05}, "cosine"),
    ("nesterov", {"momentum": 0.9, "weight_decay": 0.05, "nesterov": True}, "step"),
)


def numbers(name):
    return 2 * torch.from_numpy(fixed(name, COUNT)).double() - 1


def main():
    for name, options, schedule in CASES:
        w = torch.nn.Parameter(numbers("parameters"))
        sgd = torch.optim.SGD([w], lr=0.1, **options)
        rates = {
            None: lambda: lr_scheduler.ConstantLR(sgd, factor=1),
            "cosine": lambda: lr_scheduler.CosineAnnealingLR(sgd, T_max=EPOCHS),
            "step": lambda: lr_scheduler.StepLR(sgd, step_size=2, gamma=0.1),
        }[schedule]()
        print("case", name, schedule or "constant", options.get("momentum", 0),
              options.get("weight_decay", 0), int(options.get("nesterov", False)))
        for step in range(EPOCHS * STEPS):
            w.grad = numbers(f"gradients{step}")
            rate = sgd.param_groups[0]["lr"]
            sgd.step()
            print("step", repr(rate), " ".join("%.17g" % x for x in w.tolist()))
            momentum = sgd.state[w].get("momentum_buffer")
            if momentum is not None:
                print("momentum", " ".join("%.17g" % x for x in momentum.tolist()))
            if step % STEPS == STEPS - 1:
                rates.step()


main()
