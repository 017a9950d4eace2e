"""Tests against the fake server of fake_s3.py: many cases, one server."""
import atexit

from case import Case, noise
from fake_s3 import FakeS3

SMALL, LARGE = b"hello, world\n", noise(1 << 20)
PARTS = "--part-size=0.25"

server = FakeS3()
atexit.register(server.close)


class StoreCase(Case):
    def setUp(self):
        super().setUp()
        server.reset()
        self.environment = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "not-the-secret",
                            "AWS_ENDPOINT_URL": server.url}

    def begin(self, *arguments, env=None, **more):
        return self.start("--retries=2", "--retry-base=0.01", "--stall-timeout=5", *arguments, env=env, **more)

    def run_case(self, *arguments, status=0, **more):
        """status None: any."""
        return self.finish(self.begin(*arguments, **more), status)

    def refused(self, text, *arguments, status=2, **more):
        result = self.run_case(*arguments, status=status, **more)
        for part in [text] if isinstance(text, str) else text:
            self.assertIn(part, result.err)
        return result

    def each(self, table, check):
        """Each case has a fresh server, and a folder of its own."""
        for number, (name, *case) in enumerate(table):
            with self.subTest(name):
                server.reset()
                self.number = number
                check(*case)

    def out(self):
        return f"out{self.number}"
