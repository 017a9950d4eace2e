"""Training runs for the staging tests: a small network on small images that are made here."""
import io
import json
import os
import random
import re
import struct
import subprocess
import tarfile

from case import HANGS, PROGRAM, SECRETS, Case, Result

NETWORK = """layers:
  - {name: conv1, op: conv2d, src: input, out_channels: 8, kernel: 3, padding: 1, stride: 4}
  - {name: bn1, op: batch_norm}
  - {name: relu1, op: relu}
  - {name: pool, op: avg_pool, kernel: 8}
  - {name: linear, op: linear, out_features: classes}
"""

CONFIG = """model: {{graph: net.yaml}}
train: {{epochs: {epochs}, batch_size: 16, test_batch_size: 16, threads: 1}}
checkpoint: {{in: auto, out: ckpt.safetensors, every_steps: 1}}
input: {{http: {{url: "{input}"}}}}
output:
  s3:
    region: us-east-1
    bucketUrl: s3://{bucket}
    path: /run/
    accessKeyId: test:tester
    secretAccessKey: testing
    endpointUrl: {endpoint}
    deleteSync: true
continuousOutputSync: true
inputMode: "0700"
staging: {{flush_seconds: {flush}, stall_seconds: 1, retries: 2}}
"""


def images():
    """Fashion-MNIST's files with images of noise: name and content."""
    noise = random.Random(1)
    for name, count in (("train", 96), ("t10k", 32)):
        images = struct.pack(">IIII", 0x803, count, 28, 28) + noise.randbytes(count * 28 * 28)
        labels = struct.pack(">II", 0x801, count) + bytes(noise.randrange(10) for _ in range(count))
        yield f"{name}-images-idx3-ubyte", images
        yield f"{name}-labels-idx1-ubyte", labels


def archive():
    """All of them in a .tar.gz."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in images():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def steps(metrics):
    """The steps that lines of metrics.jsonl tell; the last one may be half a line."""
    return [int(n) for n in re.findall(rb'^{"type":"step","step":(\d+),.*}$', metrics, re.MULTILINE)]


def checkpoint_step(checkpoint):
    length, = struct.unpack("<Q", checkpoint[:8])
    return int(json.loads(checkpoint[8:8 + length])["__metadata__"]["step"])


class TrainingCase(Case):
    """self.bucket, client and input_url are the test's own; each job has a storage folder."""

    client = endpoint = input_url = None

    def setUp(self):
        super().setUp()
        self.bucket = self.id().split(".")[-1].replace("_", "-")[:60]
        self.client.make_bucket(self.bucket)
        self.configure()

    def configure(self, epochs=60, flush=600, mode=0o600):
        self.write("net.yaml", NETWORK.encode())
        path = self.write("c.yaml", CONFIG.format(epochs=epochs, input=self.input_url, bucket=self.bucket,
                                                  endpoint=self.endpoint, flush=flush).encode())
        os.chmod(path, mode)

    def train(self, storage, *arguments, stderr=subprocess.PIPE, verb="train"):
        """storage: the job's folder; None: a temporary one below self.folder."""
        environment = {k: v for k, v in os.environ.items()
                       if not k.startswith(("AWS_", "XDG_", "DEEPSQUARE_", "STORAGE_"))
                       and not k.lower().endswith("_proxy")}
        environment.update({"HOME": self.folder, "TMPDIR": self.folder})
        if storage:
            environment["STORAGE_PATH"] = self.path(storage)
        return self.child([PROGRAM, verb, "c.yaml", *arguments], stdout=subprocess.PIPE,
                          stderr=stderr, text=True, cwd=self.folder, env=environment)

    def end(self, child, status=0):
        out, err = child.communicate(timeout=HANGS)
        self.assertEqual(child.returncode, status, out + (err or ""))
        for secret in SECRETS:
            self.assertNotIn(secret, out + (err or ""))
        return Result(child.returncode, out, err)

    def stored(self):
        """What the bucket holds under the run's path."""
        return {key[len("run/"):]: self.client.get(self.bucket, key)
                for key in self.client.keys(self.bucket) if key.startswith("run/")}

    def assert_lines(self):
        """A restore from the bucket as it is gets every step up to its checkpoint's, and the checkpoint's step."""
        stored = self.stored()
        step = checkpoint_step(stored["ckpt.safetensors"])
        self.assertLessEqual(set(range(1, step + 1)), set(steps(stored["metrics.jsonl"])))
        return step

    def assert_pushed(self, storage):
        output = self.tree(storage + "/output")
        stored = self.stored()
        self.assertEqual(sorted(stored), sorted(output))
        for name, content in output.items():
            self.assertTrue(stored[name] == content, name)
            for secret in SECRETS[:1]:
                self.assertNotIn(secret.encode(), content)
        return output
