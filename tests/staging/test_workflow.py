"""The grid's two workflow files, from HTTP and S3 to S3, against real servers. Replaced in them are only
the URLs, the credentials, and the step's command; --no-container stands for the missing runtime."""
import http.server
import importlib.util
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
import unittest.mock
import zipfile

import cifar
from case import HANGS, PROGRAM, SECRETS, Case, main, module_folder
from fake_s3 import FakeS3, error
from s3_client import S3Client
from servers import Nginx, Swift, wait_for

SOURCE = os.environ.get("DLA_SRCDIR", os.path.dirname(os.path.abspath(__file__)) + "/../..")
EPOCHS = 1000000  # a run ends only where a test ends it
NET = """layers:
  - {name: conv1, op: conv2d, src: input, out_channels: 16, kernel: 3, padding: 1, stride: 2}
  - {name: bn1, op: batch_norm}
  - {name: relu1, op: relu}
  - {name: conv2, op: conv2d, out_channels: 16, kernel: 3, padding: 1}
  - {name: bn2, op: batch_norm}
  - {name: relu2, op: relu}
  - {name: pool, op: avg_pool, kernel: 16}
  - {name: linear, op: linear, out_features: classes}
"""


def setUpModule():
    global swift, nginx, client, folder
    folder = module_folder("dla-workflow-")
    swift = Swift(folder + "/swift")
    os.mkdir(folder + "/nginx")
    nginx = Nginx(folder + "/nginx")
    client = S3Client(swift.port)


def tearDownModule():
    nginx.stop()
    swift.stop()


class WorkflowCase(Case):
    def setUp(self):
        super().setUp()
        self.bucket = self.id().split(".")[-1].replace("_", "-")[:60]
        client.make_bucket(self.bucket)
        self.url = nginx.write("cifar-10-python.tar.gz", cifar.archive(100))
        self.write("net.yaml", NET.encode())
        os.mkdir(self.path("tmp"))

    def workflow(self, name, command, file="w.yaml"):
        """An example with this test's servers; `command` takes the place of the program's name."""
        with open(f"{SOURCE}/examples/{name}.workflow.yaml") as example:
            text = example.read()
        for old, new in (("https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz", self.url),
                         ("https://sos-at-vie-1.exo.io", f"http://127.0.0.1:{swift.port}"),
                         ("at-vie-1", "us-east-1"), ("s3://cifar10", "s3://" + self.bucket),
                         ("EXO***", "test:tester"), ("'***'", "testing"),
                         ("/.venv/bin/python3 main.py", command)):
            self.assertIn(old, text)
            text = text.replace(old, new)
        self.write(file, text.encode())
        return file

    def own(self, last_step=0):
        """This program with a small network instead of the PyTorch program; it ends behind last_step."""
        return (f"{os.path.abspath(PROGRAM)} model.graph={self.path('net.yaml')} train.batch_size=50 "
                f"train.threads=1 --epochs={EPOCHS} backend.autotune=off train.max_steps={last_step}")

    def begin(self, *arguments):
        environment = {k: v for k, v in os.environ.items()
                       if not k.startswith(("AWS_", "DEEPSQUARE_", "SLURM_", "OMP_"))}
        environment.update({"HOME": self.folder, "TMPDIR": self.path("tmp"), "XDG_CACHE_HOME": self.path("cache")})
        # Files: a pipe that nobody reads would hold it up.
        self.said = [tempfile.TemporaryFile("w+") for _ in range(2)]
        for file in self.said:
            self.addCleanup(file.close)
        return self.child([PROGRAM, *arguments], cwd=self.folder, env=environment, text=True,
                          stdout=self.said[0], stderr=self.said[1])

    def end(self, child, status=0):
        child.wait(timeout=HANGS)
        for file in self.said:
            file.seek(0)
        out, err = (file.read() for file in self.said)
        for secret in SECRETS:
            self.assertNotIn(secret, out + err)
        self.assertEqual(child.returncode, status, out + err)
        return out, err

    def run_workflow(self, *arguments, status=0):
        return self.end(self.begin(*arguments), status)

    def has(self, key):
        return key in client.keys(self.bucket)

    def state(self, content):
        """What a .pth holds, but for its config, in which the scratch folder's name is, and its digest."""
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}
        pickle = entries["data.pkl"]
        text = pickle.index(b"X", pickle.index(b"config") + len(b"config"))
        length = int.from_bytes(pickle[text + 1:text + 5], "little")
        entries["data.pkl"] = re.sub(b"[0-9a-f]{64}", b"", pickle[:text] + pickle[text + 5 + length:])
        return entries

    def assert_same(self, content, wanted):
        a, b = self.state(content), self.state(wanted)
        self.assertEqual([name for name in {**a, **b} if a.get(name) != b.get(name)], [])


class SeedTest(WorkflowCase):
    def go_on(self, *arguments):
        """Resumes, some steps further; the result is that of a run which was never stopped."""
        self.write("ckpt.pth", client.get(self.bucket, "ckpt.pth"))
        seen = subprocess.run([PROGRAM, "inspect", "--json", self.path("ckpt.pth")], check=True,
                              capture_output=True)
        last_step = json.loads(seen.stdout)["state"]["step"] + 15
        out, _ = self.run_workflow(*arguments, self.workflow("train-resume", self.own(last_step)), "--no-container")
        self.assertIn("starting from ", out)
        archive = self.write("data.tar.gz", cifar.archive(100))
        subprocess.run(self.own(last_step).split() + ["--checkpoint_out=" + self.path("whole.pth"),
                                                      "--dataset=" + archive, "output.dir=" + self.path("whole")],
                       check=True, capture_output=True, cwd=self.folder)
        self.assert_same(client.get(self.bucket, "ckpt.pth"), self.read("whole.pth"))

    def test_killed_and_resumed(self):
        child = self.begin(self.workflow("train", self.own()), "--no-container")
        wait_for(lambda: self.has("ckpt.pth"), "the first checkpoint")
        self.assertIsNone(child.poll(), "it is still training")
        child.send_signal(signal.SIGKILL)
        # The step, too, as Slurm does it.
        subprocess.run(["pkill", "-KILL", "-f", self.folder], check=False)
        child.communicate()
        self.go_on()

    def test_stopped_and_resumed(self):
        child = self.begin(self.workflow("train", self.own()), "--no-container")
        wait_for(lambda: os.listdir(self.path("tmp")) and self.trained() > 5, "some steps")
        child.send_signal(signal.SIGUSR1)
        self.end(child, status=75)
        self.assertEqual(os.listdir(self.path("tmp")), [])
        self.assertTrue(self.has("ckpt.pth"))
        logs = [key for key in client.keys(self.bucket) if key.startswith("logs/")]
        self.assertEqual(len(logs), 1)
        self.assertIn(b"[train] ", client.get(self.bucket, logs[0]))
        self.go_on("run")
        self.assertEqual(len([key for key in client.keys(self.bucket) if key.startswith("logs/")]), 3)

    def trained(self):
        """Lines of the metrics of the run in progress."""
        for name in os.listdir(self.path("tmp")):
            for root, _, files in os.walk(self.path("tmp/" + name)):
                if "metrics.jsonl" in files:
                    with open(root + "/metrics.jsonl") as file:
                        return len(file.readlines())
        return 0


def has_ranks():
    version = subprocess.run([PROGRAM, "--version"], check=False, capture_output=True, text=True).stdout
    return "MPI" in version and shutil.which("mpirun")


@unittest.skipUnless(has_ranks(), "this build has no MPI, or mpirun is missing")
class MpiTest(WorkflowCase):
    """The same file with a task a rank, as a step of several tasks has them."""

    def setUp(self):
        super().setUp()
        # What MPI's library leaves behind is its own, as in tests/dist.
        leaks = f"suppressions={SOURCE}/tests/dist/lsan.supp:print_suppressions=0:fast_unwind_on_malloc=0"
        change = unittest.mock.patch.dict(os.environ, LSAN_OPTIONS=leaks)
        change.start()
        self.addCleanup(change.stop)

    def tasks(self, number, command):
        name = self.workflow("train", command)
        text = self.read(name).decode()
        for old, new in (("  tasks: 1\n", f"  tasks: {number}\n"),
                         ("    run:\n", f"    run:\n      resources: {{tasks: {number}, cpusPerTask: 1}}\n"
                                        "      mpi: pmix_v4\n      disableCpuBinding: true\n")):
            self.assertEqual(text.count(old), 1)
            text = text.replace(old, new)
        self.write(name, text.encode())
        return name

    def test_two_tasks(self):
        last_step = 4
        name = self.tasks(2, self.own(last_step) + " --horovod")
        out, _ = self.run_workflow(name, "--no-container")
        self.assertIn("2 ranks", out)
        archive = self.write("data.tar.gz", cifar.archive(100))
        command = self.own(last_step).split() + ["--horovod", "--checkpoint_out=" + self.path("whole.pth"),
                                                 "--dataset=" + archive, "output.dir=" + self.path("whole")]
        alone = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
        subprocess.run(["mpirun", "--oversubscribe", "--bind-to", "none", "-np", "2", *command],
                       check=True, capture_output=True, cwd=self.folder, env=alone)
        self.assert_same(client.get(self.bucket, "ckpt.pth"), self.read("whole.pth"))

    def test_four_tasks_are_planned(self):
        out, _ = self.run_workflow("run", self.tasks(4, self.own(1) + " --horovod"), "--no-container", "--dry-run")
        self.assertRegex(out, r"resources: 4 tasks, 8 cpus each")
        self.assertRegex(out, r"(?m)^ *\S*/mpirun -np 4 --bind-to none /bin/sh -c '.* --horovod")


@unittest.skipUnless(importlib.util.find_spec("torch"), "python3-torch is not installed")
class OtherProgramTest(WorkflowCase):
    def test_a_program_that_writes_in_place(self):
        command = f"{sys.executable} {os.path.dirname(os.path.abspath(__file__))}/stand_in.py --epochs=3"
        out, _ = self.run_workflow(self.workflow("train", command), "--no-container")
        self.assertIn("epoch 2: ", out)
        self.write("ckpt.pth", client.get(self.bucket, "ckpt.pth"))
        subprocess.run([PROGRAM, "inspect", self.path("ckpt.pth")], check=True, capture_output=True)
        out, _ = self.run_workflow(self.workflow("train-resume", command.replace("=3", "=5")), "--no-container")
        self.assertIn("epoch 4: ", out)


class Receiver:
    """An HTTP server that keeps what is PUT to it."""

    def __enter__(self):
        self.bodies, self.paths = bodies, paths = [], []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_PUT(self):
                paths.append(self.path)
                bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"thank you")

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class TransferTest(WorkflowCase):
    JOB = "resources: {tasks: 1, cpusPerTask: 1, memPerCpu: 1000, gpus: 0}\n"

    def s3(self, path="/", secret="testing", more="", endpoint=None):
        endpoint = endpoint or f"http://127.0.0.1:{swift.port}"
        return (f"s3: {{region: us-east-1, bucketUrl: 's3://{self.bucket}', path: '{path}', accessKeyId: "
                f"'test:tester', secretAccessKey: '{secret}', endpointUrl: '{endpoint}'{more}}}")

    def job(self, text):
        self.write("w.yaml", (self.JOB + text).encode())
        return self.path("w.yaml")

    def test_input_mode_and_delete(self):
        client.put(self.bucket, "in/a", b"1")
        client.put(self.bucket, "in/b/c", b"2")
        client.put(self.bucket, "out/old", b"3")
        self.run_workflow(self.job(f"""
input: {{{self.s3('/in')}}}
inputMode: 448
output: {{{self.s3('/out', more=', deleteSync: true')}}}
steps:
  - run: {{command: 'stat -c %a $DEEPSQUARE_INPUT/a $DEEPSQUARE_INPUT/b/c >$DEEPSQUARE_OUTPUT/modes'}}
"""))
        self.assertEqual(client.keys(self.bucket), ["in/a", "in/b/c", "out/modes"])
        self.assertEqual(client.get(self.bucket, "out/modes"), b"700\n700\n")

    def test_an_empty_output_deletes_nothing(self):
        client.put(self.bucket, "out/old", b"3")
        for sync in ("false", "true"):
            self.run_workflow(self.job(f"""
output: {{{self.s3('/out', more=', deleteSync: true')}}}
continuousOutputSync: {sync}
steps: [{{run: {{command: 'true'}}}}]
"""))
            self.assertEqual(client.keys(self.bucket), ["out/old"])

    def test_output_that_is_pushed_nowhere_stays(self):
        _, err = self.run_workflow(self.job("""
enableLogging: true
steps: [{run: {command: 'echo 1 >$DEEPSQUARE_OUTPUT/file; touch $STORAGE_PATH/scratch'}}]
"""))
        kept, = os.listdir(self.path("tmp"))
        self.assertIn(f"kept: {self.path('tmp')}/{kept}/output", err)
        self.assertEqual(os.listdir(self.path("tmp/" + kept)), ["output"])
        self.assertEqual(self.read(f"tmp/{kept}/output/file"), b"1\n")
        shutil.rmtree(self.path("tmp/" + kept))
        self.run_workflow(self.job("""
enableLogging: true
steps: [{run: {command: 'touch $STORAGE_PATH/scratch'}}]
"""))
        self.assertEqual(os.listdir(self.path("tmp")), [], "only logs: the scratch goes")

    def test_output_of_a_failed_job_is_pushed(self):
        self.run_workflow(self.job(f"""
output: {{{self.s3()}}}
steps: [{{run: {{command: 'echo 1 >$DEEPSQUARE_OUTPUT/file; exit 3'}}}}]
"""), status=3)
        self.assertEqual(client.get(self.bucket, "file"), b"1\n")
        self.assertEqual(os.listdir(self.path("tmp")), [])

    def test_a_wrong_secret_is_noticed_before_the_first_step(self):
        for sync in ("false", "true"):
            _, err = self.run_workflow(self.job(f"""
output: {{{self.s3(secret='not-the-secret')}}}
continuousOutputSync: {sync}
steps: [{{run: {{command: 'echo 1 >{self.path("ran")}'}}}}]
"""), status=2)
            self.assertIn("do not belong together", err)
            self.assertFalse(os.path.exists(self.path("ran")))

    def test_what_cannot_be_pushed_stays(self):
        """The key loses its rights while the steps run."""
        fake = FakeS3()
        self.addCleanup(fake.close)
        for sync in ("false", "true"):
            fake.reset()
            fake.on("put", error(403, "AccessDenied"), key="file")
            _, err = self.run_workflow(self.job(f"""
output: {{{self.s3(endpoint=fake.url)}}}
continuousOutputSync: {sync}
steps: [{{run: {{command: 'echo 1 >$DEEPSQUARE_OUTPUT/file'}}}}]
"""), status=74)
            self.assertIn("kept: ", err)
            kept = os.listdir(self.path("tmp"))[0]
            self.assertEqual(self.read(f"tmp/{kept}/output/file"), b"1\n")
            shutil.rmtree(self.path("tmp/" + kept))

    def test_output_over_http(self):
        """One file as it is, whether or not there are logs; several as a zip; the answer is said."""
        with Receiver() as receiver:
            job = """
enableLogging: true
continuousOutputSync: true
output: {http: {url: 'http://me:query-secret@127.0.0.1:%d/upload'}}
steps: [{run: {command: 'cd $DEEPSQUARE_OUTPUT; for i in %s; do echo $i >$i; done'}}]
"""
            _, err = self.run_workflow(self.job(job % (receiver.port, "1")))
            self.assertIn("thank you", err)
            self.assertIn("continuousOutputSync works with S3 only", err)
            self.assertEqual(receiver.bodies.pop(), b"1\n")
            self.run_workflow(self.job(job % (receiver.port, "1 2")))
            with zipfile.ZipFile(io.BytesIO(receiver.bodies.pop())) as archive:
                self.assertEqual([archive.read("1"), archive.read("2")], [b"1\n", b"2\n"])
                self.assertEqual(sum(name.startswith("logs/") for name in archive.namelist()), 1)

    def test_an_upload_that_names_no_file(self):
        """As curl --upload-file: the file's own name is added."""
        for given, names, path in (("", "a", "/a"), ("/", "'b c'", "/b%20c"), ("/in/?key=1/2", "a", "/in/a?key=1/2"),
                                   ("?key=1", "a b", "/output.zip?key=1"), ("/x", "a", "/x")):
            with Receiver() as receiver:
                self.run_workflow(self.job(f"""
output: {{http: {{url: 'http://127.0.0.1:{receiver.port}{given}'}}}}
steps: [{{run: {{command: 'cd $DEEPSQUARE_OUTPUT; for i in {names.replace("'", "''")}; do echo 1 >"$i"; done'}}}}]
"""))
                self.assertEqual(receiver.paths, [path])

    def test_input_that_is_missing(self):
        _, err = self.run_workflow(self.job(f"""
input: {{http: {{url: 'http://127.0.0.1:{nginx.http}/no-such-file'}}}}
steps: [{{run: {{command: 'touch {self.path("ran")}'}}}}]
"""), status=2)
        self.assertIn("404", err)
        self.assertFalse(os.path.exists(self.path("ran")))
        self.assertEqual(os.listdir(self.path("tmp")), [])


if __name__ == "__main__":
    main(Swift, Nginx)
