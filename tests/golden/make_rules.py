#!/usr/bin/python3
"""Makes tests/golden/adam.txt: what torch.optim's Adam and AdamW, and Lion, make of a few parameters from given
gradients, over 20 steps in float64.

    /usr/bin/python3 -B tests/golden/make_adam.py > tests/golden/adam.txt

As in make_sgd.py no network computes the gradients. PyTorch has no Lion: algorithm 2 of the paper (Chen et al.,
2023) is written out here."""
import torch

from make import fixed

COUNT, STEPS = 19, 20
# rule, name, options; lr is 0.01
CASES = (
    ("adam", torch.optim.Adam, {"betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0}),
    ("adam", torch.optim.Adam, {"betas": (0.8, 0.9), "eps": 0.1, "weight_decay": 0.3}),
    ("adamw", torch.optim.AdamW, {"betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.01}),
    ("adamw", torch.optim.AdamW, {"betas": (0.8, 0.9), "eps": 0.1, "weight_decay": 0.5}),
    ("lion", None, {"betas": (0.9, 0.99), "eps": 0, "weight_decay": 0}),
    ("lion", None, {"betas": (0.8, 0.9), "eps": 0, "weight_decay": 0.5}),
)


class Lion(torch.optim.Optimizer):
    def __init__(self, parameters, lr, betas, weight_decay):
        super().__init__(parameters, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                m = self.state[p].setdefault("exp_avg", torch.zeros_like(p))
                (b1, b2), lr = group["betas"], group["lr"]
                direction = b1 * m + (1 - b1) * p.grad
                assert direction.abs().min() > 1e-5, "a sign that float32 may see otherwise: take other gradients"
                p.sub_(lr * (direction.sign() + group["weight_decay"] * p))
                m.mul_(b2).add_((1 - b2) * p.grad)


def numbers(name):
    return 2 * torch.from_numpy(fixed(name, COUNT)).double() - 1


def show(word, tensor):
    print(word, " ".join("%.17g" % x for x in tensor.tolist()))


def main():
    for name, make, options in CASES:
        w = torch.nn.Parameter(numbers("parameters"))
        if make:
            rule = make([w], lr=0.01, **options)
        else:
            rule = Lion([w], 0.01, options["betas"], options["weight_decay"])
        print("case", name, *options["betas"], options["eps"], options["weight_decay"])
        for step in range(STEPS):
            w.grad = numbers(f"gradients{step}")
            rule.step()
            show("parameters", w)
        for state in ("exp_avg", "exp_avg_sq"):
            if state in rule.state[w]:
                show("state", rule.state[w][state])


main()
