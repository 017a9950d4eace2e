#!/usr/bin/python3
"""Makes tests/unit/policy_numbers.h: what Pillow (python3-pil) makes of pictures by each op of torchvision's
RandAugment and TrivialAugmentWide, as torchvision calls it (transforms/autoaugment.py, _functional_pil.py).
For each op, policy and picture it is one 64-bit FNV-1a hash of the pixels of all 31 magnitudes, with both signs
where the op has them. To be run anew only where a case is added:

    tests/golden/make_policy.py >tests/unit/policy_numbers.h"""
import math

import numpy
import PIL
import torch
from PIL import Image, ImageEnhance, ImageOps

BINS = 31
SIZES = [(61, 47), (32, 32)]


def made(width, height):
    image = Image.new("RGB", (width, height))
    image.putdata([((x * 7 + y * 3) % 256, (x * x + y * 11) % 200 + 20, (x * y + 40 * (x // 8)) % 256 // 3)
                   for y in range(height) for x in range(width)])
    return image


def affine(image, shear, translate, center):
    """functional._get_inverse_affine_matrix() without an angle and with a scale of 1."""
    sx, sy = (math.radians(math.degrees(math.atan(s))) for s in shear)
    a, b = math.cos(-sy) / math.cos(sy), -math.cos(-sy) * math.tan(sx) / math.cos(sy)
    c, d = math.sin(-sy) / math.cos(sy), -math.sin(-sy) * math.tan(sx) / math.cos(sy) + 1
    x, y = -center[0] - translate[0], -center[1] - translate[1]
    matrix = [d, -b, -b * y + d * x + center[0], -c, a, -c * x + a * y + center[1]]
    return image.transform(image.size, Image.AFFINE, matrix, Image.NEAREST)


def middle(image):
    return [image.size[0] * 0.5, image.size[1] * 0.5]


OPS = {
    "Identity": lambda image, m: image,
    "ShearX": lambda image, m: affine(image, [m, 0], [0, 0], [0, 0]),
    "ShearY": lambda image, m: affine(image, [0, m], [0, 0], [0, 0]),
    "TranslateX": lambda image, m: affine(image, [0, 0], [int(m), 0], middle(image)),
    "TranslateY": lambda image, m: affine(image, [0, 0], [0, int(m)], middle(image)),
    "Rotate": lambda image, m: image.rotate(m, Image.NEAREST),
    "Brightness": lambda image, m: ImageEnhance.Brightness(image).enhance(1.0 + m),
    "Color": lambda image, m: ImageEnhance.Color(image).enhance(1.0 + m),
    "Contrast": lambda image, m: ImageEnhance.Contrast(image).enhance(1.0 + m),
    "Sharpness": lambda image, m: ImageEnhance.Sharpness(image).enhance(1.0 + m),
    "Posterize": lambda image, m: ImageOps.posterize(image, int(m)),
    "Solarize": ImageOps.solarize,
    "AutoContrast": lambda image, m: ImageOps.autocontrast(image),
    "Equalize": lambda image, m: ImageOps.equalize(image),
}


def linspace(first, last):
    """torch.linspace() as its scalar loop has it; its vector loops differ in the last bit by instruction set."""
    first, last = numpy.float32(first), numpy.float32(last)
    step = (last - first) / numpy.float32(BINS - 1)
    values = [first + step * numpy.float32(i) if i < BINS // 2 else last - step * numpy.float32(BINS - 1 - i)
              for i in range(BINS)]
    assert numpy.allclose(values, torch.linspace(float(first), float(last), BINS).numpy(), rtol=1e-6)
    return [float(value) for value in values]


def magnitudes(policy, width, height):
    """_augmentation_space(31, (height, width)): those that are listed, and whether they are signed."""
    rand = policy == "rand_augment"
    factors = (linspace(0, 0.9 if rand else 0.99), True)
    bits = 8 - (torch.arange(BINS) / ((BINS - 1) / (4 if rand else 6))).round().int()
    return {
        "ShearX": (linspace(0, 0.3 if rand else 0.99), True),
        "ShearY": (linspace(0, 0.3 if rand else 0.99), True),
        "TranslateX": (linspace(0, 150.0 / 331.0 * width if rand else 32), True),
        "TranslateY": (linspace(0, 150.0 / 331.0 * height if rand else 32), True),
        "Rotate": (linspace(0, 30 if rand else 135), True),
        "Brightness": factors, "Color": factors, "Contrast": factors, "Sharpness": factors,
        "Posterize": ([float(b) for b in bits], False),
        "Solarize": (linspace(255, 0), False),
    }


def fnv(data, value):
    for byte in data:
        value = (value ^ byte) * 0x100000001b3 % 2**64
    return value


print("/* Made by tests/golden/make_policy.py with Pillow %s. */" % PIL.__version__)
print("static const struct {\n  const char *op;\n  int policy; /* a dla_policy_kind */\n  int width, height;\n"
      "  uint64_t hash;\n} policy_numbers[] = {")
for size in SIZES:
    for number, policy in enumerate(["rand_augment", "trivial_augment_wide"], 1):
        for op, apply in OPS.items():
            values, signed = magnitudes(policy, *size).get(op, ([0.0] * BINS, False))
            found = 0xcbf29ce484222325
            for value in values:
                for sign in (1, -1) if signed else (1,):
                    found = fnv(apply(made(*size), sign * value).tobytes(), found)
            print('    {"%s", %d, %d, %d, UINT64_C(0x%016x)},' % (op, number, *size, found))
print("};")
