"""S3 in and out, against Ceph's RGW at 127.0.0.1:$RGW_PORT, which scripts/test-rgw starts.

The tests are those of test_s3.py and test_run.py, and what RGW has of its own. $RGW_STORE names what is
below it: rados, or dbstore, which lacks what LACKS tells.
"""
import hashlib
import os
import unittest

import test_run
import test_s3
from case import main, module_folder, noise
from s3_client import S3Client
from servers import Nginx, answers, wait_for
from training import TrainingCase, archive

STORE = os.environ.get("RGW_STORE", "rados")
VERSIONS = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
# What the dbstore of Ceph 18 does not do, by the tests that need it.
PARTS, QUOTA = "it loses parts that come at once, and mixes up those that do not", "it knows no quota"
LACKS = {"test_large_in_parts": PARTS, "test_parts_too_small": PARTS, "test_a_key_of_the_customer": PARTS,
         "test_large_as_it_comes": PARTS, "test_abandoned_uploads_are_aborted": "it lists no uploads",
         "test_a_full_quota": QUOTA, "test_a_storage_class_that_is_not_there": "it takes any class"}


class Rgw:
    @staticmethod
    def missing():
        return None if os.environ.get("RGW_PORT") else "no RGW: run scripts/test-rgw"

    def __init__(self):
        self.port = int(os.environ["RGW_PORT"])
        wait_for(lambda: answers(self.port), "RGW", 120)


def setUpModule():
    global nginx, client
    server = Rgw()
    nginx = Nginx(module_folder("dla-rgw-"), behind=server.port)
    client = S3Client(server.port)
    test_s3.swift, test_s3.client = server, client
    TrainingCase.client = client
    TrainingCase.endpoint = f"http://127.0.0.1:{nginx.front}"
    TrainingCase.input_url = nginx.write("data.tar.gz", archive())


def tearDownModule():
    nginx.stop()


class Lacking:
    """Skips what the store lacks, by the test's name."""

    def setUp(self):
        reason = STORE == "dbstore" and LACKS.get(self.id().split(".")[-1])
        if reason:
            self.skipTest("dbstore: " + reason)
        super().setUp()


class TransferTest(Lacking, test_s3.TransferTest):
    pass


class SyncTest(Lacking, test_s3.SyncTest):
    pass


class ErrorTest(Lacking, test_s3.ErrorTest):
    def test_key_that_may_only_read(self):
        """Here the right to list the bucket is none to read what is in it."""
        client.expect("PUT", f"/{self.bucket}/k", [("acl", "")], headers={"x-amz-acl": "public-read"})
        super().test_key_that_may_only_read()

    def test_other_region(self):
        """One zone takes the signature for any."""
        self.stage("get", self.url, "out", "--region=eu-west-1")

    def test_a_suspended_user(self):
        env = {"AWS_ACCESS_KEY_ID": "test:gone"}
        self.fails_once("has suspended the access key's user", "put", "file", self.url + "/", env=env)

    def test_a_full_quota(self):
        poor = S3Client(client.port, key="test:poor")
        poor.make_bucket("poor-bucket")
        self.write("large", noise(4 << 20))  # each part is larger than the quota
        for options in ((), ("--part-size=1.5",)):
            self.fails_once("no more room", "put", "large", "s3://poor-bucket/", *options,
                            env={"AWS_ACCESS_KEY_ID": "test:poor"})
        self.assertEqual(poor.uploads("poor-bucket"), [])

    def test_a_name_that_is_no_utf8(self):
        os.mkdir(self.path("in"))
        with open(os.fsencode(self.path("in/")) + b"caf\xe9", "wb") as file:
            file.write(b"x")
        self.write("in/fine", b"x")
        self.fails_once("no UTF-8", "put", "in", self.url + "/p/", status=1)
        self.assertEqual(client.keys(self.bucket), ["k", "p/fine"])

    def test_parts_too_small(self):
        self.write("large", noise(1 << 20))
        self.fails_once("raise --part-size", "put", "large", self.url + "/", "--part-size=0.0625")
        self.assertEqual(client.uploads(self.bucket), [])

    def test_a_storage_class_that_is_not_there(self):
        self.fails_once("--storage-class", "put", "file", self.url + "/", "--storage-class=NONE")

    def test_without_a_key(self):
        env = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
        self.fails_once("was not signed", "get", self.url, "out", env=env)


class FeatureTest(Lacking, test_s3.S3Case):
    def test_a_key_of_the_customer(self):
        self.write("key", bytes(range(32)))
        self.write("in/small", b"hello")
        self.write("in/large", noise(2 << 20))
        key = "--sse-c-key=key"
        self.stage("put", "in", self.url, "--part-size=0.25", key)
        self.stage("get", self.url, "out", "--part-size=0.25", key)
        self.assertTrue(self.tree("out") == self.tree("in"))
        self.assertEqual(self.stage("sync", "in", self.url, key).kinds("end")[0]["same"], 2)
        self.fails("cannot", "get", self.url + "/small", "out2", status=2)

    def test_a_bucket_with_versions(self):
        client.expect("PUT", "/" + self.bucket, [("versioning", "")], body=VERSIONS)
        for content in (b"1", b"2"):
            self.write("in/changes", content)
            self.write("in/goes", content)
            self.stage("sync", "in", self.url)
        os.unlink(self.path("in/goes"))
        self.assertEqual(self.stage("sync", "in", self.url, "--delete").kinds("end")[0]["deleted"], 1)
        self.stage("get", self.url, "out")
        self.assertEqual(self.tree("out"), {"changes": b"2"})

    def test_a_page_that_ends_with_a_control_character(self):
        for i in range(1001):
            self.write(f"in/\x01{i:04}", b"x")
        self.stage("put", "in", self.url)
        self.assertEqual(self.stage("get", self.url, "out").kinds("end")[0]["moved"], 1001)

    def test_large_as_it_comes(self):
        """As many parts and connections as without options."""
        self.write("in/large", noise(210 << 20))
        self.stage("put", "in", self.url)
        self.stage("get", self.url, "out")
        self.assertTrue(self.tree("out") == self.tree("in"))
        self.assertRegex(client.head(self.bucket, "large")["etag"], '-14"$')


@unittest.skipUnless(STORE == "dbstore", "rados keeps parts and ranges")
class DamageTest(test_s3.S3Case):
    """What dbstore does wrongly is noticed."""

    def test_an_upload_in_parts(self):
        """Either the server says that it has lost parts, or the download tells."""
        content = noise(4 << 20)
        self.write("large", content)
        put = self.stage("put", "large", self.url, "--part-size=0.25", status=None)
        if put.status == 0:
            self.fails("the bytes are not those that the server's SHA-256 tells", "get", self.url, "out", status=1)
        else:
            self.assertEqual(put.status, 1)
            self.assertIn("has not kept a part of the upload", put.err)
        self.assertEqual(self.tree("out"), {})

    def test_an_object_of_mixed_up_parts(self):
        content = noise(1 << 20)
        sha256 = hashlib.sha256(content).hexdigest()
        client.put_parts(self.bucket, "mixed", [content[:1 << 19], content[1 << 19:]], {"x-amz-meta-sha256": sha256})
        self.assertFalse(client.get(self.bucket, "mixed") == content, "dbstore keeps parts: use the tests of rados")
        self.fails("the bytes are not those that the server's SHA-256 tells", "get", self.url, "out", status=1)
        self.assertEqual(self.tree("out"), {})


class RunTest(Lacking, test_run.RunCase):
    test_killed_and_started_elsewhere = test_run.RunTest.test_killed_and_started_elsewhere
    test_a_damaged_checkpoint_is_passed_over = test_run.RunTest.test_a_damaged_checkpoint_is_passed_over
    test_a_damaged_download_is_skipped = test_run.RunTest.test_a_damaged_download_is_skipped
    test_evaluated_elsewhere = test_run.RunTest.test_evaluated_elsewhere
    test_interrupted = test_run.RunTest.test_interrupted


if __name__ == "__main__":
    main(Rgw, Nginx)
