"""predict on pictures at URLs: HTTP and S3 from one server that knows both."""
import atexit
import io
import os
import signal
import subprocess
import sys
import tarfile

from case import HANGS, PROGRAM, SECRETS, Case, main, module_folder
from fake_s3 import Answer, FakeS3
from servers import wait_for

HERE = os.path.dirname(os.path.abspath(__file__))
NET = """layers:
  - {name: conv1, op: conv2d, src: input, out_channels: 4, kernel: 3, padding: 1, stride: 4}
  - {name: bn1, op: batch_norm}
  - {name: relu1, op: relu}
  - {name: pool, op: avg_pool, kernel: 4}
  - {name: linear, op: linear, out_features: classes}
"""

server = FakeS3()
atexit.register(server.close)


def setUpModule():
    global folder
    folder = module_folder("dla-predict-")
    for split, count in (("train", 6), ("val", 2)):
        subprocess.run([sys.executable, os.path.join(HERE, "../cli/make_pictures.py"),
                        os.path.join(folder, "photos", split), f"red={count}", f"blue={count}"], check=True)
    with open(os.path.join(folder, "net.yaml"), "w") as net:
        net.write(NET)
    subprocess.run([PROGRAM, "model.graph=net.yaml", "model.image_size=16", "train.batch_size=6", "train.epochs=1",
                    "train.threads=1", "dataset.path=photos", "output.dir=out"], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def picture(number=0):
    with open(os.path.join(folder, f"photos/val/red/{number}.png"), "rb") as file:
        return file.read()


def tar(**files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name + ".png")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


class PredictTest(Case):
    def setUp(self):
        super().setUp()
        server.reset()
        self.http = f"{server.url}/bucket/"
        self.temporary = self.path("tmp")
        os.mkdir(self.temporary)
        self.environment = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "not-the-secret",
                            "AWS_ENDPOINT_URL": server.url, "TMPDIR": self.temporary}

    def begin(self, *arguments):
        environment = {k: v for k, v in os.environ.items()
                       if not k.startswith("AWS_") and not k.lower().endswith("_proxy")}
        environment.update({"HOME": self.folder, **self.environment})
        return self.child([PROGRAM, "predict", os.path.join(folder, "out/checkpoint.safetensors"), "--threads=1",
                           *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, cwd=self.folder, env=environment)

    def predict(self, *arguments, names="", status=0):
        """The names of what was looked at, and what was said."""
        child = self.begin(*arguments)
        out, err = child.communicate(names, timeout=HANGS)
        self.assertEqual(child.returncode, status, out + err)
        for secret in (*SECRETS, self.temporary):
            self.assertNotIn(secret, out + err)
        self.assertEqual(os.listdir(self.temporary), [], "nothing is left")
        return [line.rsplit(": ", 1)[0] for line in out.splitlines()], err

    def test_pictures_and_archives(self):
        server.put("a b.png", picture())
        server.put("some/c.png", picture(1))
        server.put("pack.tar.gz", tar(d=picture(), e=picture(1)))
        self.write("here.png", picture())
        names, err = self.predict("s3://bucket/a b.png", "here.png", self.http + "some/c.png?sig=query-secret",
                                  "s3://bucket/pack.tar.gz", self.http + "pack.tar.gz")
        self.assertEqual(sorted(names), sorted([
            "s3://bucket/a b.png", "here.png", self.http + "some/c.png", "s3://bucket/pack.tar.gz: d.png",
            "s3://bucket/pack.tar.gz: e.png", self.http + "pack.tar.gz: d.png", self.http + "pack.tar.gz: e.png"]))
        self.assertEqual(err, "")

    def test_names_on_standard_input(self):
        server.put("a.png", picture())
        server.put("b.png", picture(1))
        given = [self.http + "a.png", "s3://bucket/b.png"]
        names, _ = self.predict("-", names="\n".join(given))
        self.assertEqual(sorted(names), sorted(given))

    def test_a_password_in_a_url_is_sent_and_not_shown(self):
        server.put("a.png", picture())
        names, _ = self.predict(self.http.replace("//", "//user:let%20me%20in@") + "a.png")
        self.assertEqual(names, [self.http + "a.png"])
        self.assertTrue(server.seen[-1].headers["Authorization"].startswith("Basic "))

    def test_all_under_a_prefix(self):
        server.put("holiday/a.png", picture())
        server.put("holiday/day 2/b.png", picture(1))
        server.put("holidays.png", b"not under it")
        for end in ("", "/"):
            names, _ = self.predict("s3://bucket/holiday" + end)
            self.assertEqual(sorted(names), ["s3://bucket/holiday/a.png", "s3://bucket/holiday/day 2/b.png"])

    def test_what_cannot_be_had_is_told_and_stops_nothing(self):
        server.put("good.png", picture())
        server.put("page.png", b"<!DOCTYPE html><title>Sign in</title>")
        server.put("cut.png", picture()[:60])
        server.put("secret.png", b"")
        server.on("get", lambda *_: Answer(403, b"no"), key="secret.png")
        urls = [self.http + name + "?sig=query-secret"
                for name in ("gone.png", "page.png", "cut.png", "secret.png", "good.png")]
        names, err = self.predict(*urls, "s3://bucket/none.png", "s3://", status=1)
        self.assertEqual(names, [self.http + "good.png"])
        for shown, why in ((self.http + "gone.png", "404"), (self.http + "page.png", "a web page"),
                           (self.http + "cut.png", "cut short"), (self.http + "secret.png", "403"),
                           ("s3://bucket/none.png", "no object"), ("s3://", "the bucket is missing")):
            lines = [line for line in err.splitlines() if line.startswith(f"dla-train: error: {shown}: ")]
            self.assertEqual(len(lines), 1, err)
            self.assertIn(why, lines[0])
        self.assertIn("6 of what was given could not be read", err)

    def test_only_files_are_linked(self):
        server.put("a.png", picture())
        names, err = self.predict(self.http + "a.png", "--sort-into=sorted", status=1)
        self.assertEqual(names, [self.http + "a.png"])
        self.assertIn("download it first", err)
        self.assertFalse(os.path.exists(self.path("sorted")))

    def test_a_stop_leaves_nothing(self):
        server.put("a.png", picture())
        release = server.hold("get", "a.png")
        child = self.begin(self.http + "a.png")
        wait_for(lambda: server.seen, "the request")
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=HANGS)
        release.set()
        self.assertEqual((child.returncode, out), (75, ""), err)
        self.assertEqual(os.listdir(self.temporary), [])


if __name__ == "__main__":
    if "PNG" not in subprocess.run([PROGRAM, "--version"], capture_output=True, text=True).stdout:
        print("skipped: this build reads no PNG", file=sys.stderr)
        sys.exit(77)
    main()
