#!/usr/bin/python3
"""Makes tests/golden/rules.txt: what torch.optim's rules, and Lion, make of a few parameters from given gradients,
over 20 steps in float64.

    /usr/bin/python3 -B tests/golden/make_rules.py > tests/golden/rules.txt

As in make_sgd.py no network computes the gradients. PyTorch has no Lion: algorithm 2 of the paper (Chen et al.,
2023) is written out here. A case gives every number of its rule."""
import torch

from make import fixed

COUNT, STEPS = 19, 20
# rule, class, options; lr is 0.01
CASES = (
    ("sgd", torch.optim.SGD, {"momentum": 0.9, "weight_decay": 0, "nesterov": False}),
    ("sgd", torch.optim.SGD, {"momentum": 0.8, "weight_decay": 0.3, "nesterov": True}),
    ("adam", torch.optim.Adam, {"betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0}),
    ("adam", torch.optim.Adam, {"betas": (0.8, 0.9), "eps": 0.1, "weight_decay": 0.3}),
    ("adamw", torch.optim.AdamW, {"betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.01}),
    ("adamw", torch.optim.AdamW, {"betas": (0.8, 0.9), "eps": 0.1, "weight_decay": 0.5}),
    ("lion", None, {"betas": (0.9, 0.99), "weight_decay": 0}),
    ("lion", None, {"betas": (0.8, 0.9), "weight_decay": 0.5}),
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


def by_our_names(options):
    """betas is beta1 and beta2; True is 1."""
    for name, value in options.items():
        if name == "betas":
            yield from (("beta1", value[0]), ("beta2", value[1]))
        else:
            yield name, value + 0


def main():
    for name, make, options in CASES:
        w = torch.nn.Parameter(numbers("parameters"))
        rule = (make or Lion)([w], lr=0.01, **options)
        print("case", name, "lr 0.01", *(f"{key} {value}" for key, value in by_our_names(options)))
        print("group", *(key for key in rule.param_groups[0] if key != "params"))
        for step in range(STEPS):
            w.grad = numbers(f"gradients{step}")
            rule.step()
            show("parameters", w)
        state = rule.state[w]
        print("keeps", *state)
        for key in state:
            if key != "step":
                show(key, state[key])


main()
