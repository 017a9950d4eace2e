"""S3 transfers through faults: servers that stop, die, are busy or cut connections."""
import os
import signal
import threading
import time

from case import Case, main, module_folder, noise
from s3_client import S3Client
from servers import Nginx, Swift, wait_for

CONTENT = noise(6 << 20)


def setUpModule():
    global swift, nginx, slow, client, folder
    folder = module_folder("dla-faults-")
    swift = Swift(folder + "/swift")
    os.mkdir(folder + "/nginx")
    nginx = Nginx(folder + "/nginx", behind=swift.port)
    os.mkdir(folder + "/slow")
    slow = Nginx(folder + "/slow", behind=swift.port, rate="2m")
    client = S3Client(swift.port)


def tearDownModule():
    slow.stop()
    nginx.stop()
    swift.stop()


class FaultCase(Case):
    def setUp(self):
        super().setUp()
        self.bucket = self.id().split(".")[-1].replace("_", "-")[:60]
        client.make_bucket(self.bucket)
        self.environment = {"AWS_ACCESS_KEY_ID": "test:tester", "AWS_SECRET_ACCESS_KEY": "testing",
                            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{nginx.front}"}
        self.url = f"s3://{self.bucket}"
        self.write("in/large", CONTENT)

    def begin(self, *command):
        return self.start(*command, "--part-size=0.125", "--parallel=1", "--stall-timeout=1", "--retries=12")

    def begin_upload(self):
        """Returns when the upload is on its way."""
        child = self.begin("put", "in", self.url)
        wait_for(lambda: client.uploads(self.bucket), "the upload")
        return child

    def uploaded(self):
        # assertTrue, because to show how megabytes differ takes minutes
        self.assertTrue(client.get(self.bucket, "large") == CONTENT)
        self.none_left()

    def answers(self, request, server):
        """The statuses of the answers to requests that begin so."""
        with open(f"{server.folder}/front.log") as log:
            return [line.split()[8] for line in log if f'"{request}' in line]

    def none_left(self):
        """The client ends all uploads that it knows of. One that was created behind its time limit, which happens on
        a busy machine, it does not know."""
        created = self.answers(f"POST /{self.bucket}/large?uploads", nginx)
        unknown = len(created) - created.count("200")
        self.assertLessEqual(len(client.uploads(self.bucket)), unknown)

    def later(self, seconds, action):
        timer = threading.Timer(seconds, action)
        timer.start()
        self.addCleanup(timer.join)


class FaultTest(FaultCase):
    def test_stopped_and_continued(self):
        child = self.begin_upload()
        swift.pause()
        self.later(1.6, swift.resume)
        self.finish(child)
        self.uploaded()

    def test_killed_and_restarted(self):
        child = self.begin_upload()
        swift.kill()
        time.sleep(0.3)
        swift.start()
        self.assertNotEqual(self.finish(child).kinds("retry"), [])
        self.uploaded()

    def test_busy_for_a_while(self):
        for fault in ("busy", "cut"):
            nginx.switch(fault, True)
            child = self.begin("put", "in", self.url)
            self.later(0.8, lambda: nginx.switch(fault, False))
            self.assertNotEqual(self.finish(child).kinds("retry"), [])
            self.uploaded()

    def test_one_request_is_sent_again(self):
        for fault in ("busy", "cut"):
            nginx.switch(fault, True)
            child = self.start("put", "in/large", f"{self.url}/{fault}", "--retries=12")
            self.later(0.8, lambda: nginx.switch(fault, False))
            self.assertNotEqual(self.finish(child).kinds("retry"), [])
            self.assertTrue(client.get(self.bucket, fault) == CONTENT)
            self.assertNotIn("-", client.head(self.bucket, fault)["etag"])

    def test_downloads_go_on(self):
        client.put(self.bucket, "large", CONTENT)
        for fault in ("busy", "cut"):
            nginx.switch(fault, True)
            child = self.begin("get", self.url, fault)
            self.later(0.8, lambda: nginx.switch(fault, False))
            self.assertNotEqual(self.finish(child).kinds("retry"), [])
            self.assertTrue(self.read(fault + "/large") == CONTENT)

    def test_connections_join_a_slow_download(self):
        client.put(self.bucket, "large", CONTENT)
        slow_end = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{slow.front}"}
        self.stage("get", self.url, "fast", "--part-size=0.5", "--parallel=4")
        self.stage("get", self.url, "slow", "--part-size=0.5", "--parallel=4", env=slow_end)
        self.assertEqual(self.answers(f"GET /{self.bucket}/large", nginx)[0], "200")  # others come to its help on a busy machine
        self.assertIn("206", self.answers(f"GET /{self.bucket}/large", slow))
        for name in ("fast", "slow"):
            self.assertTrue(self.read(name + "/large") == CONTENT)

    def test_given_up(self):
        nginx.switch("busy", True)
        self.addCleanup(nginx.switch, "busy", False)
        self.fails("too busy (503 SlowDown)", "put", "in", self.url, "--retries=1", status=1)
        self.fails("503", "sync", self.url, "in", "--delete", "--retries=1", status=1)
        self.assertTrue(self.read("in/large") == CONTENT)

    def test_interrupted(self):
        child = self.begin_upload()
        child.send_signal(signal.SIGTERM)
        self.assertIn("was stopped", self.finish(child, status=75).err)
        self.assertEqual(client.keys(self.bucket), [])
        self.none_left()


if __name__ == "__main__":
    main(Swift, Nginx)
