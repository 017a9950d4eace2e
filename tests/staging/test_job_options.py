"""The options of S3 as keys of a training run's config: what the server sees of them."""
import base64
import hashlib
import os
import subprocess

from case import HANGS, PROGRAM, SECRETS, Result, main
from store_case import StoreCase, server
from training import NETWORK, images

KEY = bytes(range(100, 132))
KEY_TEXT = base64.b64encode(KEY).decode()
PAYER = "x-amz-request-payer"
SSE = "x-amz-server-side-encryption"
CUSTOMER = SSE + "-customer-"

CONFIG = """model: {graph: net.yaml}
train: {epochs: 1, batch_size: 32, test_batch_size: 32, threads: 1}
checkpoint: {in: auto, out: ckpt.safetensors}
staging: {flush_seconds: 60, retries: 1, retry_seconds: 0.01}
"""


class JobCase(StoreCase):
    def setUp(self):
        super().setUp()
        self.write("net.yaml", NETWORK.encode())
        self.write(".aws/credentials", b"".join(
            b"[%s]\naws_access_key_id = key-of-%s\naws_secret_access_key = not-the-secret\n" % (name, name)
            for name in (b"data", b"results")))
        for name, content in images():
            server.put("in/" + name, content)

    def train(self, storage, more, *arguments, status=0, env=None):
        """more: the config's input and output."""
        self.write("c.yaml", (CONFIG + more).encode())
        os.chmod(self.path("c.yaml"), 0o600)
        environment = {k: v for k, v in os.environ.items()
                       if not k.startswith(("AWS_", "XDG_", "DEEPSQUARE_", "STORAGE_"))
                       and not k.lower().endswith("_proxy")}
        environment.update({"HOME": self.folder, "TMPDIR": self.folder, "STORAGE_PATH": self.path(storage),
                            "AWS_ENDPOINT_URL": server.url, **(env or {})})
        child = self.child([PROGRAM, "train", "c.yaml", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           text=True, cwd=self.folder, env=environment)
        out, err = child.communicate(timeout=HANGS)
        self.assertEqual(child.returncode, status, out + err)
        for secret in (*SECRETS, KEY_TEXT):
            self.assertNotIn(secret, out + err)
        return Result(child.returncode, out, err)

    def sent(self, prefix, header):
        """By operation, which values of the header came with what is under the prefix."""
        found = {}
        for request in server.seen:
            if (request.key or request.query.get("prefix", "")).startswith(prefix):
                found.setdefault(request.operation, set()).add(request.headers[header])
        return found

    def always(self, prefix, value):
        return {r.operation: {value} for r in server.seen
                if (r.key or r.query.get("prefix", "")).startswith(prefix)}


class KeysTest(JobCase):
    BOTH = """input:
  exclude: ["*.txt"]
  s3: {bucketUrl: s3://b, path: in, profile: data, requesterPays: true}
output:
  exclude: [report.html, "kept/*"]
  s3:
    {bucketUrl: s3://b, path: out, profile: results, requesterPays: true, storageClass: STANDARD_IA,
     sse: aws:kms, sseKmsKeyId: "arn:aws:kms:key/k", deleteSync: true}
"""

    def signers(self, prefix):
        return {text.split("Credential=")[1].split("/")[0] for texts in self.sent(prefix, "Authorization").values()
                for text in texts}

    def test_input_and_output_each(self):
        server.put("in/notes.txt", b"left out")
        for key in ("out/kept/file", "out/gone"):
            server.put(key, b"of another run")
        self.train("job", self.BOTH)
        self.assertNotIn("notes.txt", self.tree("job/input"))
        self.assertEqual((self.signers("in"), self.signers("out")), ({"key-of-data"}, {"key-of-results"}))
        self.assertEqual(self.sent("in", PAYER), self.always("in", "requester"))
        self.assertEqual(self.sent("out", PAYER), self.always("out", "requester"))
        for header, value in ((SSE, "aws:kms"), (SSE + "-aws-kms-key-id", "arn:aws:kms:key/k"),
                              ("x-amz-storage-class", "STANDARD_IA")):
            self.assertEqual(self.sent("in", header), self.always("in", None))
            self.assertEqual({o: v for o, v in self.sent("out", header).items() if v != {None}}, {"put": {value}})
        stored = {key for key in server.objects if key.startswith("out/")}
        self.assertIn("out/ckpt.safetensors", stored)
        self.assertIn("out/kept/file", stored, "what is left out is not deleted")
        self.assertFalse(stored & {"out/report.html", "out/gone"})
        self.assertIn("report.html", self.tree("job/output"))

    def test_the_checkpoint_was_pushed_otherwise(self):
        """Nothing of the old place is mixed into the new one, nor into what later checkpoints say of it."""
        self.train("job", self.BOTH)
        for epochs in (2, 3):
            result = self.train("job", "input: {s3: {bucketUrl: s3://b, path: in, profile: data}}\n"
                                       "output: {s3: {bucketUrl: s3://b, path: out, profile: results, sse: AES256}}\n",
                                f"train.epochs={epochs}")
            self.assertIn("starting from", result.err)
            self.assertNotIn("profile", result.err)

    def test_while_the_run_goes_on(self):
        self.train("job", self.BOTH + "continuousOutputSync: true\n")
        self.assertEqual(self.sent("out", PAYER), self.always("out", "requester"))
        self.assertIn("out/ckpt.safetensors", server.objects)
        self.assertNotIn("out/report.html", server.objects)

    def test_a_key_of_the_customer(self):
        """Also for what another machine fetches of this run. The key is nowhere but in the requests."""
        self.write("key", KEY)
        more = """input: {s3: {bucketUrl: s3://b, path: in, sseCKeyFile: key}}
output: {s3: {bucketUrl: s3://b, path: out, sseCKeyFile: key}}
"""
        env = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "not-the-secret"}
        self.train("one", more, env=env)
        server.seen.clear()
        result = self.train("two", more, "train.epochs=2", env=env)
        self.assertIn("starting from", result.err)
        for name, value in (("algorithm", "AES256"), ("key", KEY_TEXT),
                            ("key-MD5", base64.b64encode(hashlib.md5(KEY).digest()).decode())):
            for prefix, operations in (("in/", {"head", "get"}), ("out/", {"get", "put"})):
                sent = self.sent(prefix, CUSTOMER + name)
                self.assertEqual({o: v for o, v in sent.items() if v != {None}},
                                 {o: {value} for o in operations & set(sent)})
                self.assertLessEqual({"get"}, set(sent))
        for name, content in self.tree("two/output").items():
            self.assertFalse(KEY in content or KEY_TEXT.encode() in content, name)

    def test_what_is_pushed_over_http(self):
        """One file is left: it goes as it is, and not as a zip."""
        self.train("job", "input: {s3: {bucketUrl: s3://b, path: in, profile: data}}\n"
                          f"output: {{include: ckpt.safetensors, http: {{url: '{server.url}/b/sent'}}}}\n")
        self.assertEqual(server.body("sent"), self.tree("job/output")["ckpt.safetensors"])

    def test_keys_that_are_no_names(self):
        more = "input:\n  strict: %s\n  s3: {bucketUrl: s3://b, path: in, profile: data}\n"
        server.put("in/p//x", b"x")
        self.train("job", more % "false", "output.dir=out")
        result = self.train("strict", more % "true", "output.dir=out", status=2)
        self.assertIn("p//x", result.err)
        self.assertEqual(self.tree("strict/input"), {})

    def test_what_is_wrong(self):
        self.write("short", b"123")
        more = "input:\n  s3:\n    bucketUrl: s3://b\n    path: in\n"
        for lines, text in (("    profile: none\n", "c.yaml:9: input.s3.profile: there is no profile 'none'"),
                            ("    sseCKeyFile: short\n",
                             "c.yaml:9: input.s3.sseCKeyFile: short: is not a key of 32 bytes"),
                            ("    sseCKeyFile: missing\n", "c.yaml:9: input.s3.sseCKeyFile: missing: "),
                            (f"    sseCKeyFile: {KEY_TEXT}\n", "c.yaml:9: input.s3.sseCKeyFile: needs the name"),
                            ("    region: '%s'\n" % ("x" * 70), "c.yaml:9: input.s3.region: is longer than 63"),
                            ("    requesterPays: 1\n", "c.yaml:9: input.s3.requesterPays: must be true or false"),
                            ("output: {s3: {bucketUrl: s3://b,\n    sse: DES}}\n",
                             "c.yaml:10: output.s3.sse: must be one of"),
                            ("output:\n  dir: out\n  s3: {sse: AES256}\n", "output.s3.bucketUrl: is missing")):
            with self.subTest(text):
                self.assertIn(text, self.train("job", more + lines, status=2).err)
        self.assertEqual(server.seen, [])


if __name__ == "__main__":
    main()
