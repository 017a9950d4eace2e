"""What a user says: settings, profiles, encryption, filters; and keys that may do only some things."""
import base64
import glob
import hashlib
import os
import signal

from case import main
from fake_s3 import Answer, answer, error
from servers import wait_for
from store_case import LARGE, PARTS, SMALL, StoreCase, server

DENIED = error(403, "AccessDenied")


class SettingsTest(StoreCase):
    TRIMMED = [("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "not-the-secret"),
               ("AWS_SESSION_TOKEN", "session-token-value"), ("AWS_REGION", "us-east-1"), ("AWS_ENDPOINT_URL", None),
               ("AWS_ENDPOINT_URL_S3", None), ("AWS_DEFAULT_REGION", "us-east-1")]

    def test_blanks_and_line_ends(self):
        server.put("file", SMALL)
        self.run_case("get", "s3://b/file", "out", env={"AWS_SESSION_TOKEN": "session-token-value"})
        for variable, value in self.TRIMMED:
            value = value or server.url
            for text in (value + "\n", value + "\r\n", "  " + value, "\t" + value + " \n"):
                with self.subTest(variable=variable, text=text):
                    server.seen.clear()
                    result = self.run_case("get", "s3://b/file", "out", env={variable: text})
                    note, = result.kinds("note")
                    self.assertEqual(note["name"], variable)
                    self.assertIn("left out", note["detail"])
                    sent = server.seen[-1].headers
                    self.assertIn("Credential=key/", sent["Authorization"])
                    self.assertIn("/us-east-1/s3/", sent["Authorization"])
                    if "TOKEN" in variable:
                        self.assertEqual(sent["x-amz-security-token"], value)

    def test_control_characters_inside(self):
        for variable, value in self.TRIMMED:
            value = value or server.url
            for sign in "\n\r\t\x01\x7f":
                text = value[:2] + sign + value[2:]
                result = self.refused([variable, "control character"], "get", "s3://b/file", "out", env={variable: text})
                self.assertEqual(server.seen, [])
                self.assertNotIn(value[2:], result.err)

    def test_options_are_trimmed_too(self):
        server.put("file", SMALL)
        for option in ("--endpoint= " + server.url + "\n", "--region=us-east-1 "):
            self.assertEqual(len(self.run_case("get", "s3://b/file", "out", option).kinds("note")), 1)
        self.refused(["--region", "control character"], "get", "s3://b/file", "out", "--region=us\neast")


class ProfileTest(StoreCase):
    def setUp(self):
        super().setUp()
        self.environment = {}
        server.put("file", SMALL)
        self.write(".aws/credentials", b"""# comment
[default]
aws_access_key_id = first
aws_secret_access_key=not-the-secret

[ work ]
  aws_access_key_id = nested, so none
aws_access_key_id = second # of work
aws_secret_access_key = not-the-secret\r
aws_session_token = session-token-value
""")
        self.write(".aws/config", f"""[default]
region = eu-west-1
endpoint_url = {server.url}
[profile work]
region = eu-west-2
endpoint_url = {server.url}
s3 =
  endpoint_url = http://127.0.0.1:9
[profile bare]
endpoint_url = {server.url}
""".encode())

    def signed(self, *options, env=None):
        self.run_case("get", "s3://b/file", "out", *options, env=env)
        return server.seen[-1].headers

    def test_profiles(self):
        self.assertIn("Credential=first/", self.signed()["Authorization"])
        self.assertIn("/eu-west-1/s3/", self.signed()["Authorization"])
        for headers in (self.signed(env={"AWS_PROFILE": "work"}), self.signed("--profile=work"),
                        self.signed("--profile=work", env={"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "query-secret"})):
            self.assertIn("Credential=second/", headers["Authorization"])
            self.assertIn("/eu-west-2/s3/", headers["Authorization"])
            self.assertEqual(headers["x-amz-security-token"], "session-token-value")

    def test_the_environment_goes_first(self):
        headers = self.signed(env={"AWS_ACCESS_KEY_ID": "mine", "AWS_SECRET_ACCESS_KEY": "query-secret",
                                   "AWS_PROFILE": "work", "AWS_REGION": "us-west-1"})
        self.assertIn("Credential=mine/", headers["Authorization"])
        self.assertIn("/us-west-1/s3/", headers["Authorization"])
        self.assertIsNone(headers["x-amz-security-token"], "another key's token")

    def test_other_files(self):
        os.rename(self.path(".aws"), self.path("elsewhere"))
        headers = self.signed(env={"AWS_SHARED_CREDENTIALS_FILE": self.path("elsewhere/credentials"),
                                   "AWS_CONFIG_FILE": self.path("elsewhere/config")})
        self.assertIn("Credential=first/", headers["Authorization"])

    def test_a_profile_that_is_not_there(self):
        for options, env in ((("--profile=none",), {}), ((), {"AWS_PROFILE": "none"})):
            self.refused("there is no profile 'none'", "get", "s3://b/file", "out", *options,
                         env={"AWS_ENDPOINT_URL": server.url, **env})
        self.run_case("get", f"{server.url}/b/file", "out", env={"AWS_PROFILE": "none"})

    def test_without_a_key(self):
        self.assertIsNone(self.signed("--profile=bare")["Authorization"])


class HeaderTest(StoreCase):
    def sent(self, name):
        """Which operations sent the header, and with which values."""
        found = {}
        for request in server.seen:
            if request.headers[name] is not None:
                found.setdefault(request.operation, set()).add(request.headers[name])
        return found

    def transfer(self, *options):
        self.write("in/small", SMALL)
        self.write("in/large", LARGE)
        self.run_case("put", "in", "s3://b/", PARTS, *options)
        self.run_case("get", "s3://b/large", "out", PARTS, *options)
        self.run_case("get", "s3://b/", "out2", PARTS, *options)

    def test_requester_pays(self):
        self.transfer("--requester-pays")
        self.assertEqual(self.sent("x-amz-request-payer"), {r.operation: {"requester"} for r in server.seen})

    def test_encryption_and_storage_class(self):
        for options, name, value in ((["--sse=AES256"], "x-amz-server-side-encryption", "AES256"),
                                     (["--sse=aws:kms"], "x-amz-server-side-encryption", "aws:kms"),
                                     (["--sse=aws:kms", "--sse-kms-key-id=arn:k"], "x-amz-server-side-encryption-aws-kms-key-id", "arn:k"),
                                     (["--storage-class=STANDARD_IA"], "x-amz-storage-class", "STANDARD_IA")):
            server.reset()
            self.transfer(*options)
            self.assertEqual(self.sent(name), {"put": {value}, "begin": {value}})

    def test_a_key_of_the_customer(self):
        key = bytes(range(32))
        text = base64.b64encode(key).decode()
        for content in (key, text.encode(), text.encode() + b"\n"):
            server.reset()
            self.write("key", content)
            self.transfer("--sse-c-key=key")
            everywhere = set(server.operations()) & {"put", "begin", "part", "get", "head"}
            for name, value in (("algorithm", "AES256"), ("key", text),
                                ("key-MD5", base64.b64encode(hashlib.md5(key).digest()).decode())):
                sent = self.sent("x-amz-server-side-encryption-customer-" + name)
                self.assertEqual(sent, {operation: {value} for operation in everywhere})

    def test_what_is_wrong(self):
        self.write("short", b"123")
        self.write("empty", b"")
        for options, text in ((["--sse=DES"], "AES256"), (["--sse-kms-key-id=x"], "belongs to --sse=aws:kms"),
                              (["--sse-c-key=short"], "32 bytes"), (["--sse-c-key=empty"], "holds no key"),
                              (["--sse-c-key=missing"], "missing"), (["--sse=AES256", "--sse-c-key=short"], "exclude")):
            self.refused(text, "put", "short", "s3://b/", *options)


class FilterTest(StoreCase):
    FILES = ["a.txt", "b.pth", "d/a.txt", "d/b.pth", "d/e/c.txt"]
    TABLE = [
        ("exclude", ["--exclude=*.txt"], ["b.pth", "d/b.pth"]),
        ("a folder", ["--exclude=d/*"], ["a.txt", "b.pth"]),
        ("include alone", ["--include=*.pth"], ["b.pth", "d/b.pth"]),
        ("the last one decides", ["--exclude=*", "--include=*.txt", "--exclude=d/e/*"], ["a.txt", "d/a.txt"]),
        ("included again", ["--exclude=*.txt", "--include=d/*"], ["b.pth", "d/a.txt", "d/b.pth", "d/e/c.txt"]),
        ("apart", ["--exclude", "[ab].txt", "--include", "none"], ["b.pth", "d/a.txt", "d/b.pth", "d/e/c.txt"]),
        ("none", [], FILES),
    ]

    def test_both_ways(self):
        for name in self.FILES:
            self.write("in/" + name, name.encode())

        def check(options, names):
            self.run_case("put", "in", "s3://b/p/", *options)
            self.assertEqual(sorted(server.objects), ["p/" + name for name in names])
            for name in self.FILES:
                server.put("p/" + name, name.encode())
            self.run_case("get", "s3://b/p/", self.out(), *options)
            self.assertEqual(sorted(self.tree(self.out())), names)
            self.run_case("sync", "in", "copy" + self.out(), *options)
            self.assertEqual(sorted(self.tree("copy" + self.out())), names)
        self.each(self.TABLE, check)

    def test_what_is_left_out_is_not_deleted(self):
        self.write("in/a", b"a")
        for key in ("keep.log", "gone"):
            server.put(key, b"x")
        self.run_case("sync", "in", "s3://b", "--delete", "--exclude=*.log")
        self.assertEqual(sorted(server.objects), ["a", "keep.log"])


class RightsTest(StoreCase):
    def test_a_key_that_may_only_write(self):
        for i in range(3):
            self.write(f"in/{i}", b"%d" % i)
        self.write("in/large", LARGE)
        for operation in ("list", "head", "get", "uploads"):
            server.on(operation, DENIED)
        result = self.run_case("put", "in", "s3://b/", PARTS)
        self.assertIn("cannot be listed", result.kinds("note")[0]["detail"])
        self.assertEqual(len(server.objects), 4)
        self.refused("no right", "sync", "in", "s3://b", "--delete")
        self.assertEqual(len(server.objects), 4)

    def test_a_key_that_may_not_look_at_objects(self):
        """The list has no MD5, and a HEAD is denied: it is sent again."""
        self.write("in/large", LARGE)
        self.run_case("put", "in", "s3://b/", PARTS)
        server.on("head", DENIED)
        server.on("get", DENIED)
        self.run_case("put", "in", "s3://b/", PARTS)

    def test_a_key_that_may_read_below_the_prefix(self):
        server.put("p/file", SMALL)
        server.on("head", answer(403), key="p")
        server.on("get", DENIED, key="p")
        self.run_case("get", "s3://b/p", "out")
        self.assertEqual(self.tree("out"), {"file": SMALL})
        server.on("list", DENIED)
        self.refused("no right", "get", "s3://b/p", "out2")


class FolderTest(StoreCase):
    def test_an_empty_folder_deletes_nothing(self):
        os.makedirs(self.path("in/folder"))
        server.put("precious", b"x")
        self.refused("everything would be deleted", "sync", "in", "s3://b", "--delete")
        self.write("out/precious", b"x")
        self.refused("everything would be deleted", "sync", "in", "out", "--delete")
        self.assertEqual((list(server.objects), self.tree("out")), (["precious"], {"precious": b"x"}))

    def test_what_is_left_out_is_named(self):
        self.write("in/file", b"x")
        self.write("elsewhere/y", b"x")
        os.symlink("file", self.path("in/fine"))
        os.symlink(self.path("elsewhere"), self.path("in/folder"))
        os.symlink("nothing", self.path("in/nowhere"))
        os.mkfifo(self.path("in/pipe"))
        for command in (("put", "in", "s3://b/"), ("sync", "in", "s3://b/"), ("sync", "in", "copy")):
            notes = {e["name"]: e["detail"] for e in self.run_case(*command).kinds("note")}
            self.assertEqual(sorted(notes), ["folder", "nowhere", "pipe"])
            self.assertIn("a link to a folder", notes["folder"])
            self.assertIn("a link that leads nowhere", notes["nowhere"])
        self.assertEqual(sorted(server.objects), ["file", "fine"])

    def names(self, folder):
        """Without opening what may be gone in a moment."""
        return [name for _, _, names in os.walk(self.path(folder)) for name in names]

    def test_leftovers_of_a_killed_download_are_swept(self):
        for name in ("p/large", "p/d/" + "n" * 250):
            server.put(name, LARGE)
        release = server.hold("get", "p/large")
        child = self.begin("get", "s3://b/p/", "out", "--stall-timeout=100")
        wait_for(lambda: any(n.startswith("large.") for n in self.names("out")), "a temporary file")
        child.send_signal(signal.SIGKILL)
        child.communicate()
        release.set()
        self.write("out/d/" + "n" * 242 + ".0123abcd.tmp", b"of a long name")
        others = {"out/mine.0123abcd.tmp": b"somebody else's", "out/d/large.tmp": b"x", "out/larger.01234567.tmp": b"x"}
        for name, content in others.items():
            self.write(name, content)
        server.rules = []
        self.run_case("get", "s3://b/p/large", "out")
        self.run_case("get", "s3://b/p/", "out")
        self.assertEqual(sorted("out/" + n for n in self.tree("out")),
                         sorted([*others, "out/large", "out/d/" + "n" * 250]))

    def test_folders_of_a_killed_download_are_swept(self):
        server.put("data.bin", LARGE)
        release = server.hold("get", "data.bin")
        url = server.url + "/b/data.bin"
        child = self.begin("get", url, "out", "--no-cache", "--stall-timeout=100")
        wait_for(lambda: glob.glob(self.path("out/.dla-part-*/in")), "a temporary folder")
        child.send_signal(signal.SIGKILL)
        child.communicate()
        release.set()
        self.run_case("get", url, "out", "--no-cache")
        self.assertEqual(os.listdir(self.path("out")), ["data.bin"])

    def test_what_another_process_writes_is_not_swept(self):
        server.put("p/large", LARGE)
        release = server.hold("get", "p/large")
        first = self.begin("get", "s3://b/p/", "out", "--stall-timeout=100")
        wait_for(lambda: self.names("out"), "a temporary file")
        self.run_case("get", "s3://b/p/", "out")
        release.set()
        self.finish(first)
        self.assertEqual(list(self.tree("out")), ["large"])


if __name__ == "__main__":
    main()
