#!/usr/bin/python3
"""Makes tests/unit/pillow_numbers.h: what Pillow (python3-pil) and torchvision (python3-torchvision) make of
pictures that tests/unit/test_picture.c has, too; mostly as 64-bit FNV-1a hashes of the pixels. To be run anew
only where a case is added:

    tests/golden/make_pillow.py >tests/unit/pillow_numbers.h"""
import io

import PIL
from PIL import Image, ImageEnhance, ImageOps
from torchvision import __version__ as torchvision_version
from torchvision.transforms import CenterCrop, Compose, Resize


def made(width, height):
    image = Image.new("RGB", (width, height))
    image.putdata([((x * 7 + y * 3) % 256, (x * x + y * 11) % 256, (x * y + 40 * (x // 8)) % 256)
                   for y in range(height) for x in range(width)])
    return image


def fnv(data):
    value = 0xcbf29ce484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001b3 % 2**64
    return value


def resized(width, height, left, top, right, bottom, to_width, to_height):
    part = made(width, height).crop((left, top, right, bottom))
    return fnv(part.resize((to_width, to_height), Image.BILINEAR).tobytes())


def hue(image, shift):
    h, s, v = image.convert("HSV").split()
    turn = int(shift * 255) % 256
    h = h.point([(i + turn) % 256 for i in range(256)])
    return Image.merge("HSV", (h, s, v)).convert("RGB")


RESIZES = [(61, 47, 0, 0, 61, 47, 32, 32), (61, 47, 5, 3, 50, 40, 64, 48), (61, 47, 10, 10, 11, 12, 9, 7),
           (200, 100, 0, 0, 200, 100, 7, 5), (200, 100, 13, 50, 190, 99, 177, 49),
           (33, 33, 0, 0, 33, 33, 33, 33), (1, 40, 0, 0, 1, 40, 8, 8), (300, 3, 0, 0, 300, 3, 16, 16)]

print("/* Made by tests/golden/make_pillow.py with Pillow %s. */" % PIL.__version__)
print("static const struct {\n  int width, height, left, top, right, bottom, to_width, to_height;\n"
      "  uint64_t hash;\n} resizes[] = {")
for case in RESIZES:
    print("    {%s, UINT64_C(0x%016x)}," % (", ".join(map(str, case)), resized(*case)))
print("};\n\nstatic const struct {\n  const char *what;\n  double amount;\n  uint64_t hash;\n} changes[] = {")
picture = made(61, 47)
for what, make in [("brightness", ImageEnhance.Brightness), ("contrast", ImageEnhance.Contrast),
                   ("saturation", ImageEnhance.Color)]:
    for amount in [0.0, 0.35, 1.0, 1.8]:
        print('    {"%s", %r, UINT64_C(0x%016x)},' % (what, amount, fnv(make(picture).enhance(amount).tobytes())))
for amount in [0.1, -0.25, 0.5]:
    print('    {"hue", %r, UINT64_C(0x%016x)},' % (amount, fnv(hue(picture, amount).tobytes())))
for amount in [10.0, -33.3, 77.7]:
    print('    {"rotation", %r, UINT64_C(0x%016x)},' % (amount, fnv(picture.rotate(amount).tobytes())))
print('    {"grey", 0, UINT64_C(0x%016x)},\n};' % fnv(picture.convert("L").tobytes()))


def array(name, data):
    print("\nstatic const uint8_t %s[%d] = {" % (name, len(data)))
    for at in range(0, len(data), 24):
        print("    " + ", ".join(map(str, data[at:at + 24])) + ",")
    print("};")


# A photograph's way: a progressive JPEG of 4:2:0, lying on its side, that torchvision's references evaluate.
exif = Image.Exif()
exif[0x112] = 6
file = io.BytesIO()
made(96, 64).resize((192, 128), Image.BICUBIC).save(file, "JPEG", quality=60, progressive=True, exif=exif)
seen = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
print("\n/* Resize(64), CenterCrop(24), by torchvision %s. */" % torchvision_version)
array("photograph", file.getvalue())
array("evaluated", Compose([Resize(64), CenterCrop(24)])(seen).tobytes())
