#!/usr/bin/python3
"""Trains with the recipe of examples/own-pictures.yaml in PyTorch, for the table of docs/own-pictures.md.

    benchmarks/own_pictures.py split PICTURES.tar FOLDER             # FOLDER/train and FOLDER/val, each fifth tests
    benchmarks/own_pictures.py train DLA_TRAIN FOLDER EPOCHS SEED    # accuracy on val after each epoch

The config and the first weights, whitened ones as well, are dla-train's, which is started for one step with a rate
of 0. Order, augmentation and arithmetic are PyTorch's and Pillow's own. Needs python3-torch, -pil and -yaml."""
import copy
import fnmatch
import glob
import math
import os
import random
import subprocess
import sys
import tarfile
import tempfile
import time

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, HERE + "/tests/golden")
CONFIG = HERE + "/examples/own-pictures.yaml"


def split(archive, folder):
    with tarfile.open(archive) as tar:
        files = sorted((m for m in tar if m.isfile() and not os.path.basename(m.name).startswith(".")),
                       key=lambda m: m.name)
        for i, member in enumerate(files):
            label, name = member.name.split("/")[-2:]
            to = os.path.join(folder, "val" if i % 5 == 4 else "train", label)
            os.makedirs(to, exist_ok=True)
            with open(os.path.join(to, name), "wb") as out:
                out.write(tar.extractfile(member).read())


def first_weights(program, folder, seed):
    import torch
    with tempfile.TemporaryDirectory() as run:
        for command in ([CONFIG, "dataset.path=" + folder, f"train.seed={seed}", f"output.dir={run}", "optimizer.lr=0",
                         "train.max_steps=1", "train.ema=0", "dataset.test_limit=5"],
                        ["convert", run + "/checkpoint.safetensors", run + "/first.pth"]):
            subprocess.run([program, *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return torch.load(run + "/first.pth")["net"]


class Pictures:
    """Decoded once; torchvision's transforms by hand."""

    def __init__(self, folder, config):
        from PIL import Image
        self.side, self.augment = config["model"]["image_size"], config["augment"]
        self.classes = sorted(os.listdir(folder))
        self.items = [(Image.open(f).convert("RGB"), i) for i, c in enumerate(self.classes)
                      for f in sorted(glob.glob(f"{glob.escape(folder)}/{c}/*"))]

    def tensor(self, picture):
        import numpy
        import torch
        mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
        return ((torch.from_numpy(numpy.array(picture)) / 255 - mean) / std).permute(2, 0, 1)

    def part(self, width, height):
        """RandomResizedCrop."""
        for _ in range(10):
            area, ratio = random.uniform(self.augment["scale_min"], 1), math.exp(random.uniform(-1, 1) * math.log(4 / 3))
            w, h = (round(math.sqrt(width * height * area * r)) for r in (ratio, 1 / ratio))
            if 0 < w <= width and 0 < h <= height:
                x, y = random.randint(0, width - w), random.randint(0, height - h)
                return x, y, x + w, y + h
        side = min(width, height)
        return (width - side) // 2, (height - side) // 2, (width + side) // 2, (height + side) // 2

    def train(self, i):
        from PIL import Image, ImageEnhance
        picture, label = self.items[i]
        picture = picture.resize((self.side, self.side), Image.BILINEAR, box=self.part(*picture.size))
        if random.random() < 0.5:
            picture = picture.transpose(Image.FLIP_LEFT_RIGHT)
        changes = [(ImageEnhance.Brightness, "brightness"), (ImageEnhance.Contrast, "contrast"),
                   (ImageEnhance.Color, "saturation")]
        random.shuffle(changes)
        for change, key in changes:
            by = self.augment.get(key, 0)
            picture = change(picture).enhance(random.uniform(1 - by, 1 + by))
        return self.erase(self.tensor(picture)), label

    def erase(self, image):
        """RandomErasing of a rectangle: scale 0.02 to 0.33, ratio 0.3 to 3.3, value 0."""
        if random.random() >= self.augment.get("random_erase", 0):
            return image
        for _ in range(10):
            area = self.side * self.side * random.uniform(0.02, 0.33)
            ratio = math.exp(random.uniform(math.log(0.3), math.log(3.3)))
            h, w = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if h < self.side and w < self.side:
                y, x = random.randint(0, self.side - h), random.randint(0, self.side - w)
                image[:, y:y + h, x:x + w] = 0
                break
        return image

    def test(self, i):
        from PIL import Image
        picture, label = self.items[i]
        short = round(self.side * 8 / 7)
        scale = short / min(picture.size)
        picture = picture.resize([max(short, int(n * scale)) for n in picture.size], Image.BILINEAR)
        x, y = ((n - self.side) // 2 for n in picture.size)
        return self.tensor(picture.crop((x, y, x + self.side, y + self.side))), label

    def batch(self, take, indices):
        import torch
        images, labels = zip(*(take(i) for i in indices))
        return torch.stack(images).contiguous(memory_format=torch.channels_last), torch.tensor(labels)


def parameter_groups(net, optimizer):
    """As dla-train's optimizer.groups: the first that fits counts."""
    for name, p in net.named_parameters():
        group = next((g for g in optimizer.get("groups", []) if fnmatch.fnmatchcase(name, g["match"])), {})
        yield {"params": [p], "scale": group.get("lr_scale", 1),
               "weight_decay": group.get("weight_decay", optimizer["weight_decay"])}


def rate(config, done, steps):
    """The triangle, as a part of its top."""
    top = config["schedule"]["pct_start"] * steps
    return done / top if done <= top else (steps - done) / (steps - top)


def average(ema, net, decay):
    import torch
    with torch.no_grad():
        for to, new in zip(ema.state_dict().values(), net.state_dict().values()):
            to.copy_(decay * to + (1 - decay) * new if to.is_floating_point() else new)


def evaluate(net, pictures):
    import torch
    right = 0
    with torch.no_grad():
        for start in range(0, len(pictures.items), 100):
            x, y = pictures.batch(pictures.test, range(start, min(start + 100, len(pictures.items))))
            right += ((net(x) + net(x.flip(3))).argmax(1) == y).sum().item()
    return right / len(pictures.items)


def train(program, folder, epochs, seed):
    import torch
    import yaml
    from dla import FastDLA
    from torch.nn import functional as F
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    random.seed(seed)
    torch.manual_seed(seed)
    with open(CONFIG) as file:
        config = yaml.safe_load(file)
    training, test = Pictures(folder + "/train", config), Pictures(folder + "/val", config)
    net = FastDLA(len(training.classes))
    net.load_state_dict(first_weights(program, folder, seed))
    net, o, t = net.to(memory_format=torch.channels_last), config["optimizer"], config["train"]
    ema = copy.deepcopy(net).eval()
    sgd = torch.optim.SGD(parameter_groups(net, o), lr=o["lr"], momentum=o["momentum"], nesterov=o["nesterov"])
    batch, done = t["batch_size"], 0
    steps = math.ceil(len(training.items) / batch) * epochs
    for epoch in range(epochs):
        order, begun = torch.randperm(len(training.items)).tolist(), time.monotonic()
        for start in range(0, len(order), batch):
            x, y = training.batch(training.train, order[start:start + batch])
            done += 1
            for group in sgd.param_groups:
                group["lr"] = group["scale"] * o["lr"] * rate(config, done, steps)
            sgd.zero_grad()
            F.cross_entropy(net(x), y, label_smoothing=t["label_smoothing"]).backward()
            sgd.step()
            average(ema, net, min(t["ema"], (1 + done) / (10 + done)))  # docs/training.md
        print(f"epoch {epoch + 1}: {100 * evaluate(ema, test):.2f} %, {time.monotonic() - begun:.1f} s", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["split"] and len(sys.argv) == 4:
        split(*sys.argv[2:])
    elif sys.argv[1:2] == ["train"] and len(sys.argv) == 6:
        train(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
    else:
        sys.exit(__doc__)
