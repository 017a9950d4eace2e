"""poison.py FROM TO NAME VALUE: a copy of a safetensors checkpoint in which the first number of a
tensor (F32), or an entry of the metadata, is another. The digests are left out, as in files of other
programs."""
import json
import struct
import sys

source, target, name, value = sys.argv[1:]
data = open(source, "rb").read()
(length,) = struct.unpack("<Q", data[:8])
header = json.loads(data[8:8 + length])
body = bytearray(data[8 + length:])
for digest in ("sha256", "sha256_weights"):
    header["__metadata__"].pop(digest, None)
if name in header["__metadata__"]:
    header["__metadata__"][name] = value
else:
    begin = header[name]["data_offsets"][0]
    body[begin:begin + 4] = struct.pack("<f", float(value))
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
with open(target, "wb") as out:
    out.write(struct.pack("<Q", len(text)) + text + body)
