"""S3 in and out, against a real S3 server."""
import hashlib
import http.server
import os
import threading
import time

from case import LONG, Case, main, module_folder, noise
from s3_client import S3Client
from servers import Swift

ODD_NAMES = ["a file", "a+b", "100%", "caf\u00e9/\u65e5\u672c.bin", "x&y=z?", "hash#mark", "semi;colon, (1)",
             "~tilde'quote\"", "a/b/c/d/e", ".hidden", "-dash", "ends with space ", "back\\slash", "%41", "a:b@c"]


def setUpModule():
    global swift, client, folder
    folder = module_folder("dla-swift-")
    swift = Swift(folder)
    client = S3Client(swift.port)


def tearDownModule():
    swift.stop()


class S3Case(Case):
    def setUp(self):
        super().setUp()
        self.bucket = self.id().split(".")[-1].replace("_", "-")[:60]
        client.make_bucket(self.bucket)
        self.environment = {"AWS_ACCESS_KEY_ID": "test:tester", "AWS_SECRET_ACCESS_KEY": "testing",
                            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{swift.port}"}
        self.url = f"s3://{self.bucket}"


class TransferTest(S3Case):
    def test_odd_names_and_empty_files_survive(self):
        files = {name: name.encode() for name in ODD_NAMES}
        files["empty"] = b""
        for name, content in files.items():
            self.write("in/" + name, content)
        self.stage("put", "in", self.url + "/some where/")
        self.assertEqual(sorted(client.keys(self.bucket)), sorted("some where/" + n for n in files))
        self.assertEqual(client.get(self.bucket, "some where/a+b"), b"a+b")
        self.stage("get", self.url + "/some where", "out")
        self.assertEqual(self.tree("out"), files)

    def test_control_characters_in_keys(self):
        self.write("in/new\nline\ttab", b"x")
        self.stage("put", "in", self.url)
        self.stage("get", self.url, "out")
        self.assertEqual(self.tree("out"), {"new\nline\ttab": b"x"})

    def test_one_object(self):
        self.write("file", b"hello")
        self.stage("put", "file", self.url + "/a/named")
        self.stage("put", "file", self.url + "/a/")
        self.assertEqual(client.keys(self.bucket), ["a/file", "a/named"])
        self.assertEqual(client.head(self.bucket, "a/named")["x-amz-meta-sha256"],
                         hashlib.sha256(b"hello").hexdigest())
        client.put(self.bucket, "a/named2", b"not this one")
        self.stage("get", self.url + "/a/named", "out")
        self.assertEqual(self.tree("out"), {"named": b"hello"})

    def test_many_keys(self):
        count = 5000 if LONG else 1105
        for i in range(count):
            self.write(f"in/{i:05}", b"%d" % i)
        result = self.stage("sync", "in", self.url)
        self.assertEqual(result.kinds("end")[0]["moved"], count)
        self.assertEqual(len(client.keys(self.bucket)), count)
        self.assertEqual(self.stage("sync", "in", self.url).kinds("end")[0]["same"], count)
        if LONG:
            self.stage("get", self.url, "out")
            self.assertEqual(self.tree("out"), self.tree("in"))

    def test_large_in_parts(self):
        content = noise((300 if LONG else 20) << 20)
        part = "16" if LONG else "1"
        self.write("in/large", content)
        self.stage("put", "in/large", self.url + "/large", "--part-size=" + part)
        self.assertTrue(client.get(self.bucket, "large") == content)
        headers = client.head(self.bucket, "large")
        self.assertRegex(headers["etag"], '-[0-9]+"$')
        self.assertEqual(client.uploads(self.bucket), [])
        self.stage("get", self.url + "/large", "out", "--part-size=" + part)
        self.assertTrue(self.read("out/large") == content)
        # The stored SHA-256 tells that it is the same, because the ETag is no MD5.
        result = self.stage("sync", "in", self.url, "--part-size=" + part)
        self.assertEqual(result.kinds("end")[0]["same"], 1)
        self.assertEqual(self.stage("get", self.url, "out").kinds("end")[0]["same"], 1)

    def test_damage_is_noticed(self):
        sha256 = hashlib.sha256(b"others").hexdigest()
        client.expect("PUT", f"/{self.bucket}/x", body=b"bytes", headers={"x-amz-meta-sha256": sha256})
        self.fails("SHA-256", "get", self.url + "/x", "out", status=1)
        self.assertEqual(self.tree("out"), {})

    def test_keys_that_are_no_paths(self):
        client.put(self.bucket, "p/../../../escaped", b"x")
        client.put(self.bucket, "p/fine", b"x")
        self.fails("cannot be the name of a file", "get", self.url + "/p", "out", "--strict")
        self.assertEqual(self.tree("out"), {})
        self.fails("1 of its keys cannot be the names of files", "get", self.url + "/p", "out", status=1)
        self.assertEqual(self.tree("out"), {"fine": b"x"})

    def test_virtual_host_and_session_token(self):
        client.put(self.bucket, "k", b"v")
        env = {"AWS_ENDPOINT_URL": f"http://localhost:{swift.port}", "AWS_SESSION_TOKEN": "session-token-value"}
        self.stage("get", self.url, "out", "--virtual-host", env=env)
        self.assertEqual(self.read("out/k"), b"v")

    def test_abandoned_uploads_are_aborted(self):
        client.begin_upload(self.bucket, "large")
        client.begin_upload(self.bucket, "large2")
        time.sleep(1.1)  # the server tells when they began in whole seconds, rounded up
        self.write("large", noise(1 << 20))
        self.stage("put", "large", self.url, "--part-size=0.25")
        self.assertEqual(len(client.uploads(self.bucket)), 2)
        self.stage("put", "large", self.url, "--part-size=0.25", "--abandoned-after=0")
        self.assertEqual(len(client.uploads(self.bucket)), 1)


class SyncTest(S3Case):
    def setUp(self):
        super().setUp()
        for name in ("same", "changes", "folder/goes"):
            self.write("in/" + name, name.encode())
        self.stage("sync", "in", self.url + "/p")

    def test_only_what_changed(self):
        self.write("in/changes", b"CHANGES")
        self.write("in/new", b"new")
        os.unlink(self.path("in/folder/goes"))
        dry = self.stage("sync", "in", self.url + "/p", "--delete", "--dry-run")
        self.assertEqual([e["name"] for e in dry.kinds("put")], ["changes", "new"])
        self.assertEqual(client.get(self.bucket, "p/changes"), b"changes")
        result = self.stage("sync", "in", self.url + "/p")
        self.assertEqual(sorted(e["name"] for e in result.kinds("put")), ["changes", "new"])
        self.assertEqual(client.get(self.bucket, "p/changes"), b"CHANGES")
        self.assertIn("p/folder/goes", client.keys(self.bucket))
        result = self.stage("sync", "in", self.url + "/p", "--delete")
        self.assertEqual([e["name"] for e in result.kinds("delete")], ["folder/goes"])
        self.assertEqual(client.keys(self.bucket), ["p/changes", "p/new", "p/same"])

    def test_neighbours_are_not_touched(self):
        client.put(self.bucket, "p2/other", b"x")
        client.put(self.bucket, "p", b"x")
        self.stage("sync", "in", self.url + "/p", "--delete")
        self.assertIn("p2/other", client.keys(self.bucket))
        self.assertIn("p", client.keys(self.bucket))

    def test_a_missing_folder_deletes_nothing(self):
        self.fails("nothing was changed", "sync", "elsewhere", self.url + "/p", "--delete")
        self.assertEqual(len(client.keys(self.bucket)), 3)

    def test_a_failed_list_deletes_nothing(self):
        self.write("out/precious", b"x")
        self.fails("no such bucket", "sync", "s3://no-such-bucket/p", "out", "--delete")
        self.assertEqual(self.tree("out"), {"precious": b"x"})

    def test_an_empty_source_deletes_nothing(self):
        self.write("out/precious", b"x")
        self.fails("everything would be deleted", "sync", self.url + "/mistyped", "out", "--delete")
        self.assertEqual(self.tree("out"), {"precious": b"x"})

    def test_downwards(self):
        self.write("out/gone", b"x")
        self.stage("sync", self.url + "/p", "out", "--delete")
        self.assertEqual(self.tree("out"), self.tree("in"))


class ErrorTest(S3Case):
    """None of these is tried again, and none tells a secret (case.py looks)."""

    def setUp(self):
        super().setUp()
        client.put(self.bucket, "k", b"v")
        self.write("file", b"x")

    def fails_once(self, text, *arguments, **more):
        result = self.fails(text, *arguments, **more)
        self.assertEqual(result.kinds("retry"), [])

    def test_wrong_secret(self):
        env = {"AWS_SECRET_ACCESS_KEY": "not-the-secret"}
        for command in (("get", self.url, "out"), ("get", self.url + "/k", "out"), ("put", "file", self.url + "/")):
            self.fails_once("AWS_SECRET_ACCESS_KEY", *command, env=env)

    def test_unknown_key(self):
        self.fails_once("AWS_ACCESS_KEY_ID", "get", self.url, "out", env={"AWS_ACCESS_KEY_ID": "nobody"})

    def test_half_a_key(self):
        self.fails_once("AWS_SECRET_ACCESS_KEY: is not set", "get", self.url, "out",
                        env={"AWS_SECRET_ACCESS_KEY": ""})

    def test_unknown_bucket(self):
        self.fails_once("no such bucket", "get", "s3://no-such-bucket/k", "out")
        self.fails_once("no such bucket", "put", "file", "s3://no-such-bucket/")

    def test_unknown_object(self):
        self.fails_once("no object with this key", "get", self.url + "/none", "out")

    def test_key_that_may_only_read(self):
        client.allow_reading(self.bucket)
        env = {"AWS_ACCESS_KEY_ID": "test:reader", "AWS_SECRET_ACCESS_KEY": "reading"}
        self.stage("get", self.url, "out", env=env)
        self.fails_once("no right", "put", "file", self.url + "/", env=env)
        self.fails_once("no right", "sync", "out", self.url + "/p", env={**env})

    def test_other_region(self):
        self.fails_once("AWS_REGION=us-east-1", "get", self.url, "out", "--region=eu-west-1")

    def test_locations(self):
        self.fails_once("the bucket is missing", "get", "s3://", "out")
        self.fails_once("no http(s) URL", "get", self.url, "out", "--endpoint=127.0.0.1")
        self.fails_once("stage put", "get", self.url, "s3://elsewhere/")
        self.fails_once("must be a folder", "sync", self.url, "s3://elsewhere/")


class TokenTest(Case):
    def test_the_session_token_is_sent_and_signed(self):
        seen = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                seen.append(self.headers)
                body = b"<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.write("in/x", b"x")
            self.stage("sync", "in", "s3://bucket", "--dry-run",
                       env={"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "not-the-secret",
                            "AWS_SESSION_TOKEN": "session-token-value",
                            "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{server.server_port}"})
            server.shutdown()
        self.assertEqual(seen[0]["x-amz-security-token"], "session-token-value")
        self.assertIn("x-amz-security-token", seen[0]["authorization"])


if __name__ == "__main__":
    main(Swift)
