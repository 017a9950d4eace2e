#!/usr/bin/python3
"""What `dla-train export` writes, run by others: the ONNX file through its own checker and an evaluator made of
PyTorch's functions, model.py by PyTorch. Their logits are ours. For export.sh.

    exported.py DLA_TRAIN LOGITS [MODEL...]    (LOGITS: tests/golden/logits)"""
import importlib.util
import json
import subprocess
import sys

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch.nn import functional as F

import family
from make import fixed

NEAR = 1e-5  # of the logits' norm
CLASSES = [f"class {i} \u00e9\"" for i in range(10)]
PICTURES = 2


def window(a):
    assert a["pads"][:2] == a["pads"][2:]
    return {"stride": a["strides"], "padding": a["pads"][:2]}


OPS = {
    "Cast": lambda a, x: x.to({1: torch.float64}[a["to"]]),
    "Transpose": lambda a, x: x.permute(a["perm"]),
    "Mul": lambda a, x, y: x * y,
    "Add": lambda a, x, y: x + y,
    "Conv": lambda a, x, w, b=None: F.conv2d(x, w, b, groups=a["group"], dilation=a["dilations"], **window(a)),
    "BatchNormalization": lambda a, x, w, b, mean, var: F.batch_norm(x, mean, var, w, b, eps=a["epsilon"]),
    "Relu": lambda a, x: F.relu(x),
    "Identity": lambda a, x: x,
    "Concat": lambda a, *x: torch.cat(x, a["axis"]),
    "AveragePool": lambda a, x: F.avg_pool2d(x, a["kernel_shape"], count_include_pad=a["count_include_pad"] == 1,
                                             **window(a)),
    "MaxPool": lambda a, x: F.max_pool2d(x, a["kernel_shape"], **window(a)),
    "Flatten": lambda a, x: x.flatten(1),
    "Gemm": lambda a, x, w, b=None: F.linear(x, w, b) if a["transB"] == 1 else None,
}


def evaluate(model, images):
    """The graph, node by node, in float64."""
    known = {t.name: torch.from_numpy(numpy_helper.to_array(t).astype(np.float64)) for t in model.graph.initializer}
    known["input"] = images
    for node in model.graph.node:
        attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        known[node.output[0]] = OPS[node.op_type](attributes, *(known[name] for name in node.input))
    return known["logits"]


def inputs(pixels, normalization):
    """The same pictures, uint8 {N,C,H,W}, as each kind of input has them."""
    unit = pixels.double() / 255
    mean, std = (torch.tensor(normalization[key]).double().view(1, -1, 1, 1) for key in ("mean", "std"))
    return {"": unit, "--normalised": (unit - mean) / std, "--uint8": pixels.permute(0, 2, 3, 1)}


def off(theirs, ours):
    return ((theirs - ours).norm() / ours.norm()).item()


def check_onnx(program, checkpoint, pixels, ours, options=()):
    done = subprocess.run([program, "export", checkpoint, "model.onnx", *options], check=True, text=True,
                          stdout=subprocess.PIPE)
    model = onnx.load("model.onnx")
    onnx.checker.check_model(model, full_check=True)
    facts = {p.key: p.value for p in model.metadata_props}
    printed = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    classes = json.loads(facts.pop("classes"))
    assert printed == facts, (printed, facts)
    assert len(classes) == ours.shape[1] and model.producer_name == "dla-train"
    opset = [o[8:] for o in options if o.startswith("--opset=")] or ["17"]
    assert [s.version for s in model.opset_import] == [int(opset[0])]
    batch = [v.type.tensor_type.shape.dim[0] for v in (*model.graph.input, *model.graph.output)]
    assert all(d.dim_param == "N" if "--dynamic-batch" in options else d.dim_value == 1 for d in batch), batch
    kind = ([o for o in options if o in ("--normalised", "--uint8")] or [""])[0]
    numbers = {key: json.loads(facts[key]) for key in ("mean", "std")}
    images = inputs(pixels, numbers)[kind]
    shape = [d.dim_value for d in model.graph.input[0].type.tensor_type.shape.dim]
    assert shape[1:] == list(images.shape[1:]), shape
    with torch.no_grad():
        logits = evaluate(model, images)
    assert off(logits, ours) < NEAR, (options, off(logits, ours))
    return model, classes, off(logits, ours)


def check_pytorch(program, checkpoint, pixels, ours):
    subprocess.run([program, "export", checkpoint, "--pytorch", "python"], check=True)
    spec = importlib.util.spec_from_file_location("model", "python/model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with torch.no_grad():
        logits = module.load().double()(pixels.double() / 255)
    assert off(logits, ours) < NEAR, off(logits, ours)
    return module, off(logits, ours)


def our_logits(logits, checkpoint, pixels, classes):
    (pixels.float() / 255).numpy().tofile("pictures")
    done = subprocess.run([logits, checkpoint, "pictures"], check=True, stdout=subprocess.PIPE)
    return torch.tensor([float(n) for n in done.stdout.split()]).double().reshape(-1, classes)


def some_pixels(channels, side):
    numbers = fixed("pixels", PICTURES * channels * side * side)
    return torch.from_numpy((256 * numbers).astype(np.uint8)).reshape(PICTURES, channels, side, side)


def check_model(program, logits, name):
    """A built-in network with random weights."""
    side = 32 if name in family.PARAMETERS else 64
    torch.save({"net": family.make(name).state_dict(), "dla_train": {"format": "pytorch",
        "config": f"model: {{name: {name}, image_size: {side}, classes: {len(CLASSES)}}}",
        "classes": json.dumps(CLASSES)}}, "theirs.pth")
    pixels = some_pixels(3, side)
    ours = our_logits(logits, "theirs.pth", pixels, len(CLASSES))
    model, classes, far = check_onnx(program, "theirs.pth", pixels, ours)
    assert classes == CLASSES, classes
    assert not [n for n in model.graph.node if n.op_type == "BatchNormalization"], name
    module, far_python = check_pytorch(program, "theirs.pth", pixels, ours)
    assert module.CLASSES == CLASSES, module.CLASSES
    print(f"{name}: ONNX {far:.1e}, PyTorch {far_python:.1e}", file=sys.stderr)


# All ops; norms that cannot be folded (of the image, of a ReLU, of a convolution that another layer reads, too); a
# layer that the logits do not need.
NET = """
layers:
  - {name: input.norm, op: batch_norm, src: input}
  - {name: conv, op: conv2d, out_channels: 8, kernel: 3, padding: 1, bias: true}
  - {name: conv.norm, op: batch_norm, eps: 1e-3}
  - {name: relu, op: relu}
  - {name: relu.norm, op: batch_norm}
  - {name: wide, op: conv2d, out_channels: 8, kernel: 3, padding: 2, dilation: 2}
  - {name: dropped, op: dropout, p: 0.2}
  - {name: deep, op: stochastic_depth, p: 0.2}
  - {name: grouped, op: conv2d, out_channels: 8, kernel: 5, padding: 2, stride: 2, groups: 4}
  - {name: grouped.norm, op: batch_norm}
  - {name: added, op: add, src: [grouped, grouped.norm]}
  - {name: unneeded, op: conv2d, out_channels: 2, kernel: 1}
  - {name: largest, op: max_pool, src: added, kernel: 3, stride: 2, padding: 1}
  - {name: mean, op: avg_pool, src: added, kernel: 3, stride: 2, padding: 1}
  - {name: both, op: concat, src: [largest, mean, largest]}
  - {name: logits, op: linear, out_features: 7, bias: false}
  - {name: thin, op: relu}
  - {name: last, op: linear, out_features: classes}
"""


def check_graph(program, logits):
    """A layer-graph file with weights from training, in every form."""
    with open("net.yaml", "w", encoding="utf-8") as file:
        file.write(NET)
    forms = ([], ["--normalised"], ["--uint8", "--dynamic-batch"], ["--opset=11"], ["--opset=13"])
    for channels, some in ((3, forms), (1, forms[2:3])):
        subprocess.run([program, "model.graph=net.yaml", "model.image_size=12", f"model.in_channels={channels}",
                        "train.batch_size=4", "train.epochs=2", "optimizer.lr=0.02", "augment.normalize=dataset",
                        "dataset.path=photos", "output.dir=out"], check=True,
                       stdout=subprocess.DEVNULL)
        pixels = some_pixels(channels, 12)
        ours = our_logits(logits, "out/checkpoint.safetensors", pixels, 2)
        for options in some:
            model, classes, _ = check_onnx(program, "out/checkpoint.safetensors", pixels, ours, options)
            assert classes == ["class2", "class10"], classes
        kept = [n.name for n in model.graph.node if n.op_type == "BatchNormalization"]
        assert kept == ["input.norm", "relu.norm", "grouped.norm"], kept
        assert "unneeded" not in [n.name for n in model.graph.node]
        module, _ = check_pytorch(program, "out/checkpoint.safetensors", pixels, ours)
        check_read(program, module)


def check_read(program, module):
    """Pictures as files, which model.py prepares by itself."""
    names = [f"photos/val/class2/{i}.png" for i in range(2)]
    done = subprocess.run([program, "predict", "out/checkpoint.safetensors", "--json", *names], check=True,
                          stdout=subprocess.PIPE)
    model = module.load()
    for name, line in zip(names, done.stdout.splitlines()):
        said = json.loads(line)
        with torch.no_grad():
            probability, best = model(module.read(name)[None])[0].softmax(0).max(0)
        assert module.CLASSES[best] == said["class"], said
        assert abs(probability.item() - said["probability"]) < NEAR, (probability, said)


def main():
    torch.set_num_threads(2)
    program, logits, *names = sys.argv[1:]
    check_graph(program, logits)
    for name in names or [*family.PARAMETERS, *family.FAMILY]:
        check_model(program, logits, name)


main()
