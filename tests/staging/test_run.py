"""A training run whose input comes over HTTP and whose output goes to S3 while it trains."""
import contextlib
import glob
import http.server
import io
import os
import shutil
import signal
import threading
import time
import zipfile

from case import main, module_folder
from fake_s3 import FakeS3, error
from s3_client import S3Client
from servers import Nginx, Swift, wait_for
from training import TrainingCase, archive, steps


def setUpModule():
    global swift, nginx
    folder = module_folder("dla-run-")
    swift = Swift(folder + "/swift")
    os.mkdir(folder + "/nginx")
    nginx = Nginx(folder + "/nginx", behind=swift.port)
    TrainingCase.client = S3Client(swift.port)
    TrainingCase.endpoint = f"http://127.0.0.1:{nginx.front}"
    TrainingCase.input_url = nginx.write("data.tar.gz", archive())


def tearDownModule():
    nginx.stop()
    swift.stop()


class RunCase(TrainingCase):
    def wait_for_checkpoint(self, child):
        def there():
            self.assertIsNone(child.poll(), "the run ended too early")
            return "run/ckpt.safetensors" in self.client.keys(self.bucket)
        wait_for(there, "the first checkpoint in the store")


class RunTest(RunCase):
    def write_slowly(self, path, parts, result):
        """In place, as other programs do, and with pauses."""
        wait_for(lambda: os.path.isdir(os.path.dirname(path)), "the output folder")
        os.makedirs(path + ".d")
        with open(path + ".d/log", "wb", buffering=0) as file:
            for part in parts:
                file.write(part)
                time.sleep(0.4)
                result.append("run/slow.d/log" in self.client.keys(self.bucket))

    def test_through_faults(self):
        """The run goes on until a checkpoint from behind the faults has arrived."""
        parts, early = [bytes([65 + i]) * 5000 for i in range(6)], []
        child = self.train("job", "train.epochs=100000", "log.level=error")
        writer = threading.Thread(target=self.write_slowly, args=(self.path("job/output/slow"), parts, early))
        writer.start()
        self.addCleanup(writer.join)
        self.wait_for_checkpoint(child)
        writer.join()
        wait_for(lambda: "run/slow.d/log" in self.client.keys(self.bucket), "the file that was written slowly")
        swift.pause()
        time.sleep(1.5)
        swift.resume()
        swift.kill()
        time.sleep(0.3)
        swift.start()
        before = self.client.get(self.bucket, "run/ckpt.safetensors")
        wait_for(lambda: self.client.get(self.bucket, "run/ckpt.safetensors") != before,
                 "a checkpoint from behind the faults")
        child.send_signal(signal.SIGTERM)
        self.end(child, status=75)
        self.assertFalse(any(early), "an unfinished file was pushed")
        output = self.assert_pushed("job")
        self.assertEqual(output["slow.d/log"], b"".join(parts))

    def test_killed_and_started_elsewhere(self):
        self.end(self.train("whole", "log.csv=true"))
        whole = self.assert_pushed("whole")
        for key in self.client.keys(self.bucket):
            self.client.expect("DELETE", f"/{self.bucket}/{key}")
        for life in range(3):
            child = self.train(f"life{life}", "log.csv=true")
            self.wait_for_checkpoint(child)
            child.kill()
            child.communicate()
            self.assert_lines()
        result = self.end(self.train("last", "log.csv=true"))
        self.assertIn("starting from", result.err)
        output = self.assert_pushed("last")
        self.assertTrue(output["ckpt.safetensors"] == whole["ckpt.safetensors"])
        self.assertEqual(steps(output["metrics.jsonl"]), steps(whole["metrics.jsonl"]))
        self.assertEqual(len(output["metrics.csv"].splitlines()), len(whole["metrics.csv"].splitlines()))

    def test_a_damaged_checkpoint_is_passed_over(self):
        self.configure(epochs=4)
        self.end(self.train("one", "checkpoint.keep_last=3"))
        whole = self.stored()["ckpt.safetensors"]
        self.client.put(self.bucket, "run/ckpt.safetensors", whole[:-9] + b"\0" * 9)
        result = self.end(self.train("two", "checkpoint.keep_last=3"))
        self.assertIn("skipped a damaged checkpoint", result.err)
        self.assertTrue(self.assert_pushed("two")["ckpt.safetensors"] == whole)

    def test_a_damaged_download_is_skipped(self):
        self.configure(epochs=4)
        self.end(self.train("one", "checkpoint.keep_last=3"))
        whole = self.stored()["ckpt.safetensors"]
        self.client.put(self.bucket, "run/ckpt.safetensors", whole, {"x-amz-meta-sha256": "0" * 64})
        result = self.end(self.train("two", "checkpoint.keep_last=3"))
        self.assertIn("skipped: the bytes are not those that the server's SHA-256 tells", result.err)
        self.assertIn("starting from", result.err)
        self.assertTrue(self.assert_pushed("two")["ckpt.safetensors"] == whole)

    def test_evaluated_elsewhere(self):
        self.configure(epochs=2)
        self.end(self.train("one"))
        before = self.stored()
        for which in ("auto", "last", "best"):
            result = self.end(self.train(None, f"checkpoint.in={which}", verb="eval"))
            self.assertIn("of 32", result.out)
        self.assertEqual(self.stored(), before, "an evaluation pushes nothing")

    def test_interrupted(self):
        child = self.train("job", "train.epochs=100000", "log.level=error")
        self.wait_for_checkpoint(child)
        child.send_signal(signal.SIGTERM)
        self.assertIn("interrupted", self.end(child, status=75).err)
        self.assert_pushed("job")

    def test_a_server_that_is_gone(self):
        self.configure(epochs=100000, flush=2)
        child = self.train(None)
        self.wait_for_checkpoint(child)
        nginx.switch("busy", True)
        self.addCleanup(nginx.switch, "busy", False)
        child.send_signal(signal.SIGTERM)
        error = self.end(child, status=74).err
        self.assertRegex(error, "could not be pushed: .*ckpt.safetensors")
        self.assertIn("interrupted", error)
        kept = glob.glob(self.path(".dla-*/output/ckpt.safetensors"))
        self.assertEqual(len(kept), 1, "the local copies stay")

    def test_nothing_is_deleted_before_the_end(self):
        """deleteSync: what an interrupted run has not written yet may still come."""
        self.client.put(self.bucket, "run/other", b"1")
        child = self.train("job", "train.epochs=100000", "log.level=error")
        self.wait_for_checkpoint(child)
        child.send_signal(signal.SIGTERM)
        self.end(child, status=75)
        self.assertEqual(self.client.get(self.bucket, "run/other"), b"1")
        with open(self.path("job/output/metrics.jsonl"), "rb") as file:
            epochs = file.read().count(b'"epoch",')
        self.end(self.train("job", f"train.epochs={epochs + 2}"))
        self.assertNotIn("run/other", self.client.keys(self.bucket))
        self.assert_pushed("job")

    def test_its_own_failure_is_not_hidden(self):
        self.configure(flush=1)
        self.write("job/output/file", b"1")
        nginx.switch("busy", True)
        self.addCleanup(nginx.switch, "busy", False)
        error = self.end(self.train("job", "checkpoint.in=", "model.classes=2"), status=2).err
        self.assertIn("model.classes is 2", error)
        self.assertIn("could not be pushed: file", error)

    def test_output_that_is_pushed_nowhere_stays(self):
        """In the job's own output folder, which is below the temporary one."""
        config = "model: {graph: net.yaml}\ntrain: {epochs: 1, batch_size: 16}\noutput: {dir: %s}\n"
        self.write("c.yaml", (config % "$DEEPSQUARE_OUTPUT/run").encode())
        result = self.end(self.train(None, f"input.http.url={self.input_url}"))
        kept, = glob.glob(self.path(".dla-*"))
        self.assertIn(f"output: {kept}/output stays", result.err)
        self.assertEqual(os.listdir(kept), ["output"], "the input goes")
        self.assertEqual(sorted(self.tree(kept + "/output/run")), ["checkpoint.best.safetensors", "checkpoint.safetensors", "evaluation.json",
                          "metrics.jsonl", "report.html", "run.json"])
        shutil.rmtree(kept)
        self.write("c.yaml", (config % "elsewhere").encode())
        self.end(self.train(None, f"input.http.url={self.input_url}"))
        self.assertEqual(glob.glob(self.path(".dla-*")), [])
        self.write("c.yaml", (config % "$DEEPSQUARE_INPUT/run").encode())
        error = self.end(self.train(None, f"input.http.url={self.input_url}"), status=2).err
        self.assertIn("is in the input folder, which is removed", error)
        self.assertEqual(glob.glob(self.path(".dla-*")), [])

    def test_a_temporary_folder_goes(self):
        self.configure(epochs=2, mode=0o644)
        self.assertIn("others may read", self.end(self.train(None)).err)
        self.assertEqual(glob.glob(self.path(".dla-*")), [])
        self.assertIn("ckpt.safetensors", self.stored())

    def test_output_over_http(self):
        sent = {}

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_PUT(self):
                sent["body"] = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(201)
                self.send_header("Content-Length", "5")
                self.end_headers()
                self.wfile.write(b"taken")

            def log_message(self, *_):
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.write("c.yaml", "model: {graph: net.yaml}\ntrain: {epochs: 2, batch_size: 16}\n".encode())
            result = self.end(self.train("job", f"input.http.url={self.input_url}",
                                         f"output.http.url=http://u:let%20me%20in@127.0.0.1:{server.server_port}/up"))
            server.shutdown()
        self.assertIn("201 taken", result.err)
        with zipfile.ZipFile(io.BytesIO(sent["body"])) as packed:
            content = {name: packed.read(name) for name in packed.namelist()}
        self.assertEqual(content, self.tree("job/output"))

    def test_wrong_secrets(self):
        for override, text in (("output.s3.secretAccessKey=not-the-secret", "output.s3"),
                               ("input.http.url=http://reader:not-the-secret@127.0.0.1:1/", "127.0.0.1:1")):
            self.end(self.train("job", override, "train.epochs=1", "staging.flush_seconds=1",
                                "staging.retries=0"), status=2 if "s3" in override else 1)

    def test_the_output_is_tried_before_the_first_step(self):
        wrong = "output.s3.secretAccessKey=not-the-secret"
        for override, words in ((wrong, "do not belong together"),
                                ("output.s3.bucketUrl=s3://there-is-none", "there is no such bucket")):
            error = self.end(self.train("job", "checkpoint.in=", override, "train.epochs=100000"), status=2).err
            self.assertIn(words, error)
            self.assertEqual(self.tree("job/output"), {}, "nothing was trained")
        result = self.end(self.train("job", "checkpoint.in=", wrong, "output.optional=true", "train.epochs=1",
                                     "staging.flush_seconds=1"), status=74)
        self.assertIn("warning: the output cannot be pushed now", result.err)
        self.assertIn("ckpt.safetensors", self.tree("job/output"))

    def test_what_a_store_says_to_the_try(self):
        with contextlib.closing(FakeS3()) as fake:
            to = f"output.s3.endpointUrl={fake.url}"
            fake.on("put", error(403, "QuotaExceeded"))
            self.assertIn("no more room", self.end(self.train("job", "checkpoint.in=", to), status=2).err)
            fake.reset()
            fake.on("delete", error(403, "AccessDenied"))
            self.end(self.train("job", "checkpoint.in=", to, "train.epochs=1", "output.s3.deleteSync=false"))
            self.assertIn("run/.dla-train-write-test", fake.objects, "the key may not delete")
            self.assertIn("run/ckpt.safetensors", fake.objects)
            fake.reset()
            fake.on("put", error(500, "InternalError"), 3)
            result = self.end(self.train("other", "checkpoint.in=", to, "train.epochs=1"))
            self.assertIn("warning: the output cannot be pushed now", result.err)

    def test_secrets_stay_where_they_are(self):
        self.configure(epochs=2)
        self.end(self.train("job"))
        # Neither in the dump, nor in the checkpoint, which goes on with the environment's.
        for name, content in self.tree("job/output").items():
            self.assertNotIn(b"testing", content, name)
            self.assertNotIn(b"test:tester", content, name)


if __name__ == "__main__":
    main(Swift, Nginx)
