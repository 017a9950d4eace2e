"""Writes folders of small PNGs: make_pictures.py FOLDER CLASS=COUNT ... [size=N]. A class's pictures are
of one colour and differ in some pixels, so that a network tells classes apart at once."""
import os
import struct
import sys
import zlib


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(side, pixel):
    rows = b"".join(b"\0" + b"".join(bytes(pixel(x, y)) for x in range(side)) for y in range(side))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def main():
    folder, side, classes = sys.argv[1], 16, []
    for argument in sys.argv[2:]:
        name, value = argument.split("=")
        if name == "size":
            side = int(value)
        else:
            classes.append((name, int(value)))
    for c, (name, count) in enumerate(classes):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
        for i in range(count):
            colour = [(90 * c + 60 * k + i) % 256 for k in range(3)]
            with open(os.path.join(folder, name, f"{i}.png"), "wb") as out:
                out.write(png(side, lambda x, y: [(v + 3 * x * (i % 5) + 2 * y) % 256 for v in colour]))


main()
