"""Reads TensorBoard's event files with protobuf's own library, checks every checksum, and tells what is in them."""
import glob
import io
import struct
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, struct_pb2
from PIL import Image

F = descriptor_pb2.FieldDescriptorProto
D, FL, I64, I32, S, B, M = (F.TYPE_DOUBLE, F.TYPE_FLOAT, F.TYPE_INT64, F.TYPE_INT32, F.TYPE_STRING, F.TYPE_BYTES,
                            F.TYPE_MESSAGE)
# As in TensorFlow's event.proto, summary.proto, tensor.proto, and TensorBoard's hparams/plugin_data.proto.
MESSAGES = {
    "Event": [(1, "wall_time", D), (2, "step", I64), (3, "file_version", S), (5, "summary", "Summary"),
              (7, "session_log", "SessionLog")],
    "SessionLog": [(1, "status", I32)],
    "Summary": [(1, "value", ["Value"])],
    "Value": [(1, "tag", S), (2, "simple_value", FL), (4, "image", "Image"), (5, "histo", "Histogram"),
              (8, "tensor", "Tensor"), (9, "metadata", "Metadata")],
    "Image": [(1, "height", I32), (2, "width", I32), (3, "colorspace", I32), (4, "encoded_image_string", B)],
    "Histogram": [(1, "min", D), (2, "max", D), (3, "num", D), (4, "sum", D), (5, "sum_squares", D),
                  (6, "bucket_limit", [D]), (7, "bucket", [D])],
    "Tensor": [(1, "dtype", I32), (2, "tensor_shape", "Shape"), (8, "string_val", [B])],
    "Shape": [(2, "dim", ["Dim"])],
    "Dim": [(1, "size", I64)],
    "Metadata": [(1, "plugin_data", "Plugin")],
    "Plugin": [(1, "plugin_name", S), (2, "content", B)],
    "HParams": [(3, "session_start_info", "Start")],
    "Start": [(1, "hparams", ["Entry"]), (5, "start_time_secs", D)],
    "Entry": [(1, "key", S), (2, "value", "google.protobuf.Value")],
}


def classes():
    file = descriptor_pb2.FileDescriptorProto(name="events.proto", package="tb", syntax="proto3",
                                              dependency=["google/protobuf/struct.proto"])
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for number, field, kind in fields:
            repeated = isinstance(kind, list)
            kind = kind[0] if repeated else kind
            f = message.field.add(number=number, name=field,
                                  label=F.LABEL_REPEATED if repeated else F.LABEL_OPTIONAL)
            f.type = M if isinstance(kind, str) else kind
            if isinstance(kind, str):
                f.type_name = "." + (kind if "." in kind else "tb." + kind)
    pool = descriptor_pool.Default()
    struct_pb2.Value()
    pool.Add(file)
    make = getattr(message_factory, "GetMessageClass", None) or message_factory.MessageFactory().GetPrototype
    return {name: make(pool.FindMessageTypeByName("tb." + name)) for name in MESSAGES}


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xa282ead8) & 0xffffffff


def records(path):
    data, at = open(path, "rb").read(), 0
    while at < len(data):
        length, head = struct.unpack_from("<QI", data, at)
        assert masked(data[at:at + 8]) == head, "the length's checksum"
        body = data[at + 12:at + 12 + length]
        crc, = struct.unpack_from("<I", data, at + 12 + length)
        assert masked(body) == crc, "the record's checksum"
        yield body
        at += 16 + length


def tell(path, kinds):
    for i, body in enumerate(records(path)):
        event = kinds["Event"].FromString(body)
        assert event.wall_time > 1.7e9
        if event.file_version:
            print("version", event.file_version, "first" if i == 0 else "late")
        if event.HasField("session_log"):
            print("starts again at", event.step, "status", event.session_log.status)
        for v in event.summary.value:
            plugin = v.metadata.plugin_data
            if plugin.plugin_name == "hparams":
                start = kinds["HParams"].FromString(plugin.content).session_start_info
                values = {e.key: e.value.number_value if e.value.HasField("number_value") else e.value.string_value
                          for e in start.hparams}
                print("hparams", values["optimizer.lr"], values["train.batch_size"], values["optimizer.name"])
            elif plugin.plugin_name == "text":
                text = v.tensor.string_val[0].decode()
                print("text", v.tag, "batch_size: 16" in text, v.tensor.dtype, v.tensor.tensor_shape.dim[0].size)
            elif v.HasField("image"):
                with Image.open(io.BytesIO(v.image.encoded_image_string)) as picture:
                    print(event.step, v.tag, picture.format, picture.size == (v.image.width, v.image.height))
            elif v.HasField("histo"):
                h = v.histo
                assert len(h.bucket) == len(h.bucket_limit) and abs(sum(h.bucket) - h.num) < 1e-9
                assert h.min <= h.bucket_limit[0] and abs(h.bucket_limit[-1] - h.max) < 1e-9 * max(1, abs(h.max))
                print(event.step, v.tag, "histogram of", int(h.num))
            elif v.tag.endswith(("loss", "accuracy")):
                print(event.step, v.tag, repr(v.simple_value))


known = classes()
for name in sorted(glob.glob(sys.argv[1] + "/events.out.tfevents.*"), key=lambda n: (n.split(".")[3], n)):
    tell(name, known)
