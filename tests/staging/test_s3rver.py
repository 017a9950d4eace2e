"""S3 in and out, against s3rver, which $S3RVER or the path names. scripts/test installs it where there is npm."""
import os
import shutil

from case import Case, main, module_folder, noise
from servers import Process, answers, free_ports, wait_for

ODD = ["a file", "a+b", "100%", "caf\u00e9/\u65e5\u672c.bin", "x&y=z?", "hash#mark", "a/b/c/d/e", ".hidden", "empty"]


class S3rver(Process):
    @staticmethod
    def program():
        return os.environ.get("S3RVER") or shutil.which("s3rver")

    @staticmethod
    def missing():
        return None if S3rver.program() else "s3rver is not installed"

    def __init__(self, folder):
        super().__init__()
        self.port, = free_ports(1)
        self.launch([self.program(), "-d", folder, "-a", "127.0.0.1", "-p", str(self.port), "--configure-bucket", "b"],
                    folder + "/log")
        wait_for(lambda: answers(self.port), f"s3rver ({folder}/log)", 60)


def setUpModule():
    global server
    server = S3rver(module_folder("dla-s3rver-"))


def tearDownModule():
    server.stop()


class S3rverTest(Case):
    def test_there_and_back(self):
        self.environment = {"AWS_ACCESS_KEY_ID": "S3RVER", "AWS_SECRET_ACCESS_KEY": "S3RVER",
                            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.port}"}
        for name in ODD:
            self.write("in/" + name, b"" if name == "empty" else name.encode())
        self.write("in/large", noise(12 << 20))
        self.stage("put", "in", "s3://b/p/", "--part-size=5")
        self.stage("get", "s3://b/p/", "out", "--part-size=5")
        self.assertTrue(self.tree("out") == self.tree("in"))
        os.unlink(self.path("in/a+b"))
        end, = self.stage("sync", "in", "s3://b/p", "--delete", "--part-size=5").kinds("end")
        self.assertEqual((end["moved"], end["same"], end["deleted"]), (0, len(ODD), 1))


if __name__ == "__main__":
    main(S3rver)
