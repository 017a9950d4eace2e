"""What the documents' commands work on: a folder with every name that a page uses, small (used by docs_run.py).

Needs numpy and Pillow: data sets as the pages have them, pickles and JPEGs.
"""
import gzip
import io
import os
import pickle
import re
import shutil
import subprocess
import tarfile
import zipfile

import numpy as np
from PIL import Image

RNG = np.random.default_rng(1)

# The program, with keys that make training short unless the command has them itself.
WRAPPER = r"""#!/bin/sh
verb=train keys= options=
case ${1:-} in
  train | bench | find_lr) verb=$1 ;;
  --dataset=* | --lr=* | --epochs=* | --checkpoint_* | *.*=*) ;;
  "" | -* | *workflow.yaml | WORKFLOW) verb=other ;;
  *.yaml | CONFIG) ;;
  *) verb=other ;;
esac
add() {
  case " $* " in
    *" ${key%%=*}="*) ;;
    *) keys="$keys $key" ;;
  esac
}
case $verb in
  train) wanted="train.batch_size=8 train.test_batch_size=8 train.epochs=1" ;;
  bench | find_lr) wanted="train.batch_size=8 train.test_batch_size=8" ;;
  other) wanted= ;;
esac
case " $* " in
  *" --epochs="*) wanted="train.batch_size=8 train.test_batch_size=8 train.max_steps=5" ;;
esac
case $verb in
  bench) options=--steps=1 ;;
  find_lr) options=--steps=12 ;;
esac
case " $* " in
  *fast.yaml* | *model.graph=* | *" config.yaml "* | *" c.yaml "* | *CONFIG* | *runs/sweep/*) ;;
  *) [ -z "$wanted" ] || wanted="$wanted model.width=0.02" ;;
esac
case " $* " in
  *own-pictures*.yaml* | *my-flowers* | *dataset.path=photos* | *FOLDER*) [ -z "$wanted" ] || wanted="$wanted model.image_size=32" ;;
esac
for key in $wanted; do add "$@"; done
# shellcheck disable=SC2086
exec "$DLA_DOCS_PROGRAM" "$@" $options $keys
"""

# Slurm's own commands are tested on a cluster: tests/slurm. Here a batch script has to be one.
SBATCH = r"""#!/bin/sh
[ "$*" != --version ] || { echo slurm 22.05.8; exit; }
cat "$@" >"$HOME/job.sh" && bash -n "$HOME/job.sh" && grep -q '^#SBATCH' "$HOME/job.sh" && echo "Submitted batch job 17"
"""

NET = """layers:
  - {name: conv1, op: conv2d, src: input, out_channels: 4, kernel: 3, padding: 1, stride: 4}
  - {name: bn1, op: batch_norm}
  - {name: relu1, op: relu}
  - {name: pool, op: avg_pool, kernel: plane}
  - {name: linear, op: linear, out_features: classes}
"""
CONFIG = """model: {graph: net.graph.yaml}
dataset: {path: cifar-10-python.tar.gz}
schedule: {t_max: 2}
train: {epochs: 2, batch_size: 8}
output: {dir: runs/%s}
"""
WORKFLOW = """resources: {tasks: 1, gpus: 0, cpusPerTask: 1, memPerCpu: 512}
steps:
  - name: prepare
    run: {command: 'echo begins'}
"""
SWEEP = """base: config.yaml
overrides: {train.max_steps: 1}
parameters: {optimizer.lr: [0.1, 0.01]}
output: {dir: runs/sweep}
"""


def program(path, text):
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, 0o755)


def programs(folder, real):
    """The folder for $PATH."""
    os.makedirs(folder)
    program(f"{folder}/dla-train", WRAPPER)
    program(f"{folder}/sbatch", SBATCH)
    return folder


def write(name, content):
    os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
    with open(name, "wb" if isinstance(content, bytes) else "w") as file:
        file.write(content)


def packed(name, files):
    with tarfile.open(name, "w:gz" if name.endswith("gz") else "w") as archive:
        for member, content in files:
            info = tarfile.TarInfo(member)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


def pixels(count):
    return RNG.integers(0, 256, (count, 3072), dtype=np.uint8)


def cifar10(folder):
    """The archive's members."""
    for name, count in [(f"data_batch_{i}", 8) for i in range(1, 6)] + [("test_batch", 10)]:
        yield f"{folder}/{name}", pickle.dumps({"data": pixels(count), "labels": [i % 10 for i in range(count)]}, 2)
    yield f"{folder}/batches.meta", pickle.dumps({"label_names": [f"class {i}" for i in range(10)]}, 2)


def cifar100(folder):
    for name, count in (("train", 40), ("test", 20)):
        write(f"{folder}/{name}", pickle.dumps({"data": pixels(count), "fine_labels": [5 * i % 100 for i in range(count)],
                                                "coarse_labels": [i % 20 for i in range(count)]}, 2))


def idx(prefix, compress, first=0):
    for split, count in (("train", 40), ("t10k" if prefix.endswith("/") else "test", 16)):
        head = np.array([0x803, count, 28, 28], ">u4").tobytes()
        images = head + RNG.integers(0, 256, count * 784, dtype=np.uint8).tobytes()
        labels = np.array([0x801, count], ">u4").tobytes() + bytes(first + i % 10 for i in range(count))
        for kind, content in (("images-idx3", images), ("labels-idx1", labels)):
            name = f"{prefix}{split}-{kind}-ubyte"
            write(name + (".gz" if compress else ""), gzip.compress(content, 1) if compress else content)


def jpeg(colour):
    image = np.full((40, 48, 3), colour, np.uint8) + RNG.integers(0, 40, (40, 48, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(image).save(out, "JPEG")
    return out.getvalue()


def pictures(folder, classes, count):
    for i, name in enumerate(classes):
        for j in range(count):
            write(f"{folder}/{name}/{j}.jpg", jpeg(60 * i + 10))


def data_sets():
    packed("cifar-10-python.tar.gz", cifar10("cifar-10-batches-py"))
    cifar100("cifar100")
    idx("data/MNIST/raw/", False)
    idx("fashion-mnist/", True)
    idx("emnist/emnist-letters-", True, 1)
    pictures("flowers", ("daisy", "rose", "tulip"), 6)
    pictures("ants-bees", ("ants", "bees"), 4)
    pictures("cifar10-jpeg", [f"class {i}" for i in range(10)], 3)
    for i in range(2):
        write(f"holiday/{i}.jpg", jpeg(70))
    write("photo.jpg", jpeg(10))
    for i in range(8):
        write(f"leaves/train/{i}.jpg", jpeg(20 * i))
    write("leaves/labels.csv", "id,label\n" + "".join(f"{i},{'oak' if i % 2 else 'elm'}\n" for i in range(8)))
    with zipfile.ZipFile("leaves.zip", "w") as archive:
        for name in sorted(os.listdir("leaves/train")):
            archive.write(f"leaves/train/{name}", f"train/{name}")
        archive.write("leaves/labels.csv", "train.csv")
    for i in range(6):
        write(f"pets/cat.{i}.jpg", jpeg(20 * i))
        write(f"pets/dog.{i}.jpg", jpeg(20 * i + 9))
    os.makedirs("shards")
    for side, first in (("train", 0), ("val", 8)):
        packed(f"shards/{side}-000000.tar", [part for i in range(first, first + 8) for part in (
            (f"{i:06}.jpg", jpeg(14 * i)), (f"{i:06}.cls", b"%d" % (i % 2)))])
    shutil.copy("shards/train-000000.tar", "shard-000000.tar")
    pictures("tiny-imagenet-200/train", ("n01443537", "n01629819"), 4)
    write("tiny-imagenet-200/val/images/val_0.JPEG", jpeg(30))
    write("tiny-imagenet-200/val/val_annotations.txt", "val_0.JPEG\tn01443537\t0\t32\t44\t62\n")
    for name, folder in (("flowers.tar", "flowers"), ("pictures.tar", "holiday"), ("cifar10-jpeg.tar.gz", "cifar10-jpeg")):
        with tarfile.open(name, "w:gz" if name.endswith("gz") else "w") as archive:
            archive.add(folder)
    for copy in ("other-flowers", "photos", "FOLDER", "PATH", "DIR"):
        shutil.copytree("flowers", copy)


def examples(source, server):
    """Those of the source, with short training where no key on the command line can give it, and keys filled in."""
    shutil.copytree(f"{source}/examples", "examples")
    for name in os.listdir("examples"):
        path = f"examples/{name}"
        with open(path) as file:
            text = file.read()
        text = text.replace("/usr/share/datasets/fashion-mnist", "fashion-mnist")
        if name == "sweep.yaml":
            text = re.sub("overrides:\n", "overrides:\n  model.width: 0.02\n  train.batch_size: 8\n", text)
            text = text.replace("max_epochs: 9", "max_epochs: 3").replace("trials: 9", "trials: 3")
        if name.endswith(".workflow.yaml"):
            text = filled_in(text, server)
        os.remove(path)
        write(path, text)


def filled_in(text, server):
    """A workflow whose keys are filled in, and whose last command trains with this program, as workflow.md says."""
    text = text.replace("EXO***", "key").replace("'***'", "not-the-secret")
    text = text.replace("https://sos-at-vie-1.exo.io", server)
    text = re.sub("https://[^ ]*/cifar-10-python.tar.gz", server + "/host/cifar-10-python.tar.gz", text)
    text = re.sub("gpus: .*", "gpus: 0", text).replace("cpusPerTask: 8", "cpusPerTask: 1")
    text = re.sub(" *resources:\n *gpusPerTask: .*\n", "", text)
    text = re.sub(" *container:\n *image: .*\n *registry: .*\n( *workDir: .*\n)?", "", text)
    return re.sub(r"/\.venv/bin/python3 main\.py", "dla-train", text)


def files():
    write("net.graph.yaml", NET)
    for name in ("config", "c", "a", "b"):
        write(f"{name}.yaml", CONFIG % name)
    write("CONFIG", CONFIG % "config")
    for name in ("workflow.yaml", "WORKFLOW"):
        write(name, WORKFLOW)
    write("sweep.yaml", SWEEP)
    write("names", "photo.jpg\n")
    for name in ("ort.wasm.min.js", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"):
        write(f"package/dist/{name}", name)
    write("output/metrics.jsonl", "{}\n")
    write("output/checkpoint", b"some bytes")


def train(environment):
    """Runs and checkpoints under the names that pages have."""
    def run(*arguments):
        done = subprocess.run(["dla-train", *arguments], env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise SystemExit(f"dla-train {' '.join(arguments)} ends with {done.returncode}:\n{done.stdout}")
    run("c.yaml")
    run("examples/own-pictures.yaml", "dataset.path=flowers")
    run("examples/own-pictures-dla34.yaml", "dataset.path=flowers", "output.dir=runs/flowers")
    run("--dataset=cifar-10-python.tar.gz", "--checkpoint_out=ckpt.pth", "output.dir=runs/torch")
    shutil.rmtree("runs/torch")
    for name in ("config", "cifar10", "a", "b"):
        shutil.copytree("runs/c", f"runs/{name}")
    for name in ("CHECKPOINT", "CHECKPOINT.safetensors", "FILE"):
        shutil.copy("runs/own-pictures/checkpoint.safetensors", name)
    shutil.copy("ckpt.pth", "FROM.pth")


def make(folder, source, server, environment):
    os.makedirs(folder)
    here = os.getcwd()
    os.chdir(folder)
    program("dla-train", WRAPPER)
    data_sets()
    examples(source, server)
    files()
    train(environment)
    os.chdir(here)


def store(server, folder):
    """What the server has for stage and predict, over HTTP and S3; of S3 it knows one bucket."""
    server.reset()
    for key, name in (("data.tar.gz", "cifar-10-python.tar.gz"), ("cifar-10-python.tar.gz", "cifar-10-python.tar.gz"),
                      ("prefix/a.jpg", "photo.jpg"), ("prefix/b/c.jpg", "photo.jpg"), ("photo.jpg", "photo.jpg"),
                      ("pictures.tar", "pictures.tar"), ("holiday/0.jpg", "holiday/0.jpg"),
                      ("cifar/cifar-10-python.tar.gz", "cifar-10-python.tar.gz")):
        with open(os.path.join(folder, name), "rb") as file:
            server.put(key, file.read())


def files_of(page, text):
    """What the page itself says to write: name and text."""
    name = "net.graph.yaml" if page == "docs/from-pytorch.md" else "page.graph.yaml"
    for graph in re.findall(r"```yaml\n(layers:.*?)```", text, re.S)[:1]:
        yield name, graph
