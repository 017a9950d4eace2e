"""S3 servers, proxies and portals as public reports tell of them: each case a server that behaves so."""
import base64
import hashlib
import os
import zlib

from case import main
from fake_s3 import Answer, HTML, answer, changed, done_but, drop, error, html, lose
from store_case import LARGE, PARTS, SMALL, StoreCase, server


class UploadTest(StoreCase):
    """Nothing is a success that does not prove to be one; and what was done is not called a failure."""

    TABLE = [
        # name, what is sent, operation, action, how often, is it there then?
        ("complete: no body", LARGE, "complete", answer(200), 99, False),
        ("complete: blank", LARGE, "complete", answer(200, b" \n\n  "), 99, False),
        ("complete: a page", LARGE, "complete", html(), 99, False),
        ("complete: cut", LARGE, "complete", answer(200, b"<?xml version='1.0'?><CompleteMultipartUp"), 99, False),
        ("complete: a page, once", LARGE, "complete", html(), 1, True),
        ("complete: a page, but done", LARGE, "complete", done_but(html()), 1, True),
        ("complete: an error with 200, once", LARGE, "complete", error(200, "InternalError"), 1, True),
        ("complete: an error with 200", LARGE, "complete", error(200, "InternalError"), 99, False),
        ("complete: the answer is lost", LARGE, "complete", lose, 1, True),
        ("complete: every answer is lost", LARGE, "complete", lose, 99, True),
        ("complete: 504, but done", LARGE, "complete", done_but(answer(504)), 1, True),
        ("complete: never arrives", LARGE, "complete", drop, 99, False),
        ("complete: 404 at once", LARGE, "complete", error(404, "NoSuchUpload"), 99, False),
        ("begin: a page", LARGE, "begin", html(), 99, False),
        ("begin: a page, once", LARGE, "begin", html(), 1, True),
        ("begin: the answer is lost", LARGE, "begin", lose, 1, True),
        ("part: a page", LARGE, "part", html(), 99, False),
        ("part: a page, once", LARGE, "part", html(), 1, True),
        ("part: no ETag, once", LARGE, "part", changed(ETag=None), 1, True),
        ("part: the answer is lost", LARGE, "part", lose, 2, True),
        ("part: other bytes", LARGE, "part", changed(ETag='"' + "0" * 32 + '"'), 99, False),
        ("put: a page", SMALL, "put", html(), 99, False),
        ("put: a page with an ETag", SMALL, "put",
         answer(200, HTML, {"Content-Type": "text/html", "ETag": '"64a-5f"'}), 99, False),
        ("put: nothing", SMALL, "put", answer(200), 99, False),
        ("put: 204", SMALL, "put", answer(204), 99, False),
        ("put: a page, once", SMALL, "put", html(), 1, True),
        ("put: a page, but done", SMALL, "put", done_but(html()), 99, True),
        ("put: no ETag, but done", SMALL, "put", changed(ETag=None), 99, True),
        ("put: the answer is lost", SMALL, "put", lose, 1, True),
        ("put: every answer is lost", SMALL, "put", lose, 99, True),
        ("put: lost, then locked", SMALL, "put", lose, 1, True),
        ("put: never arrives", SMALL, "put", drop, 99, False),
        ("put: another ETag", SMALL, "put", answer(200, b"", {"ETag": '"' + "1" * 32 + '"'}), 99, False),
        ("put: KMS", SMALL, "put", changed(ETag='"' + "2" * 32 + '"', x_amz_server_side_encryption="aws:kms"), 99, True),
        ("put: large, a page", LARGE, "put", html(), 99, False),
    ]

    def test_answers(self):
        def check(content, operation, action, times, there):
            server.on(operation, action, times)
            self.write("file", content)
            parts = [PARTS] if operation != "put" else []
            result = self.run_case("put", "file", "s3://b/", *parts, status=0 if there else 1)
            self.assertEqual(server.objects.get("file", (None,))[0] == content, there)
            self.assertEqual([e["moved"] for e in result.kinds("end")], [1] if there else [])
            if not there:
                self.assertEqual(server.uploads, {}, "nothing unfinished stays")
        self.each(self.TABLE, check)

    def test_silence(self):
        """A request is taken whole, and nothing comes back: it is tried again."""
        self.write("file", LARGE)
        self.write("folder/file", SMALL)
        for operation, key, *command in (("put", "file", "put", "file", "s3://b/file"),
                                         ("complete", "file", "put", "file", "s3://b/file", PARTS),
                                         ("list", None, "sync", "folder", "s3://b/p/", "--delete"),
                                         ("get", "p/file", "get", "s3://b/p/", "out")):
            with self.subTest(operation):
                server.reset()
                server.put("p/old", b"old")
                server.put("p/file", SMALL)
                release = server.hold(operation, key)
                self.run_case(*command, "--stall-timeout=1")
                self.assertGreater(len(server.operations(operation)), 1)
                release.set()

    def test_old_content_is_no_success(self):
        """An object of another size, or with other bytes, is under the key."""
        for old in (b"another", bytes(len(SMALL))):
            server.reset()
            server.put("file", old)
            server.on("put", html())
            self.write("file", SMALL)
            self.refused("a web page: Sign in", "put", "file", "s3://b/file", status=1)

    def test_what_not_every_server_can_do(self):
        self.write("file", SMALL)
        self.write("key", bytes(32))
        for option in ("--storage-class=NONE", "--sse=AES256", "--sse-c-key=key"):
            server.reset()
            server.on("put", error(400, "InvalidRequest"))
            self.refused(option.split("=")[0], "put", "file", "s3://b/", option)

    def test_unsigned(self):
        env = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
        self.write("file", SMALL)
        self.run_case("put", "file", "s3://b/", env=env)
        server.on("*", changed(ETag='"' + "0" * 32 + '"'))
        self.refused("other bytes than were sent", "put", "file", "s3://b/other", env=env, status=1)

    DELETES = [
        ("a page", html(), 99, False), ("a page, once", html(), 1, True), ("a page, but done", done_but(html()), 99, True),
        ("the answer is lost", lose, 1, True), ("every answer is lost", lose, 99, True), ("never arrives", drop, 99, False),
        ("no bucket", error(404, "NoSuchBucket"), 99, False), ("500, but done", done_but(answer(500)), 99, True),
    ]

    def test_deletes(self):
        self.write("in/stays", SMALL)
        def check(action, times, gone):
            server.put("goes", b"x")
            server.on("delete", action, times)
            result = self.run_case("sync", "in", "s3://b", "--delete", status=None)
            self.assertEqual("goes" not in server.objects, gone)
            self.assertEqual(result.status == 0, gone)
            self.assertEqual(len(result.kinds("delete")), int(gone))
        self.each(self.DELETES, check)

    def test_aborts(self):
        def check(action, said):
            self.write("file", LARGE)
            server.on("part", error(403, "AccessDenied"))
            server.on("abort", action, 1 if action is lose else 99)
            result = self.refused("no right", "put", "file", "s3://b/", PARTS)
            self.assertEqual("an unfinished upload stays" in result.out, said)
        self.each([("a page", html(), True), ("gone", error(404, "NoSuchUpload"), False),
                                       ("lost", lose, False)], check)

    def test_pages_instead_of_lists_and_objects(self):
        self.write("in/file", SMALL)
        def check(operation, arguments):
            server.put("file", SMALL)
            server.on(operation, html())
            self.refused("a web page", *arguments, status=1)
            self.assertFalse(os.path.exists(self.path("out/file")))
        self.each([
                ("list", "list", ("sync", "in", "s3://b")), ("list, down", "list", ("get", "s3://b/p/", "out")),
                ("head", "head", ("get", "s3://b/file", "out")), ("get", "get", ("get", "s3://b/file", "out"))], check)


class ExpectTest(StoreCase):
    def test_a_server_that_ignores_it(self):
        server.continues = False
        for i in range(16):
            self.write(f"in/{i}", SMALL)
        self.run_case("put", "in", "s3://b/", "--parallel=1")
        began = [r for r in server.seen if r.operation == "put"]
        self.assertEqual(len(began), 16)


class DownloadTest(StoreCase):
    WRONG = [
        # name, operation, action, times, what the error says; None: it comes through
        ("204", "get", answer(204), 99, "204"),
        ("203", "get", answer(203, SMALL), 99, "203"),
        ("412", "get", error(412, "PreconditionFailed"), 99, "was changed"),
        ("404 behind the list", "get", error(404, "NoSuchKey"), 99, "no such object"),
        ("another ETag", "get", changed(ETag='"' + "0" * 32 + '"'), 99, "was changed"),
        ("a weak ETag", "get", changed(ETag='W/"' + hashlib.md5(LARGE).hexdigest() + '"'), 99, None),
        ("another length", "get", answer(200, LARGE[:-1], {"ETag": '"' + hashlib.md5(LARGE).hexdigest() + '"'}), 99,
         "was changed"),
        ("a base64 SHA-256", "get",
         changed(x_amz_meta_sha256=base64.b64encode(hashlib.sha256(LARGE).digest()).decode()), 99, None),
        ("a wrong base64 SHA-256", "get", changed(x_amz_meta_sha256=base64.b64encode(bytes(32)).decode()), 99, "SHA-256"),
        ("a SHA-256 that is none", "get", changed(x_amz_meta_sha256="sha256:abc"), 99, None),
        ("a CRC-32", "get", changed(x_amz_checksum_crc32=base64.b64encode(zlib.crc32(LARGE).to_bytes(4, "big")).decode()),
         99, None),
        ("a wrong CRC-32", "get", changed(x_amz_checksum_crc32="AAAAAA=="), 99, "CRC-32"),
        ("a wrong CRC-32C", "get", changed(x_amz_checksum_crc32c="AAAAAA=="), 99, "CRC-32C"),
        ("a wrong CRC-64", "get", changed(x_amz_checksum_crc64nvme="AAAAAAAAAAA="), 99, "CRC-64/NVME"),
        ("a wrong SHA-1", "get", changed(x_amz_checksum_sha1=base64.b64encode(bytes(20)).decode()), 99, "SHA-1"),
        ("a right SHA-1", "get", changed(x_amz_checksum_sha1=base64.b64encode(hashlib.sha1(LARGE).digest()).decode()), 99,
         None),
        ("a checksum of checksums", "get", changed(x_amz_checksum_crc32="AAAAAA==-3"), 99, None),
        ("cut, once", "get", lambda q, do: cut(do(), 100000), 1, None),
        ("cut, again and again", "get", lambda q, do: cut(do(), 60000), 17, None),
        ("cut, without progress", "get", lambda q, do: cut(do(), 0), 99, "bytes"),
    ]

    def check(self, operation, action, times, text, *options):
        server.put("dir/file", LARGE)
        server.on(operation, action, times)
        result = self.run_case("get", "s3://b/dir/", self.out(), *options, status=None)
        self.assertEqual(result.status == 0, text is None, result.err)
        if text:
            self.assertIn(text, result.err)
            self.assertEqual(self.tree(self.out()), {})
        else:
            self.assertTrue(self.read(self.out() + "/file") == LARGE)

    def test_whole(self):
        self.each(self.WRONG, self.check)

    def test_in_parts(self):
        """The first answer breaks, and the rest is asked for by range, from a server that misreads ranges."""
        table = [
            ("begins earlier", earlier, None), ("sends everything", everything, None),
            ("another version", lambda q, do: with_etag(do(), "0" * 32), "was changed"),
            ("another length", other_total, "was changed"),
            ("begins later", later, "another part"), ("no range", no_range, "206"),
        ]
        def check(action, text):
            server.on("get", lambda q, do: cut(do(), 100000), 1)
            self.check("get", action, 99, text)
            if not text:
                self.assertGreater(len(server.operations("get")), 1)
        self.each(table, check)

    def test_changed_between_list_and_get(self):
        server.put("dir/file", SMALL)
        server.on("list", lambda q, do: (do(), server.put("dir/file", LARGE))[0])
        self.refused("was changed", "get", "s3://b/dir/", "out", status=1)

    def test_known_checksums(self):
        """The check values of the CRC catalogue, and of RFC 3720."""
        digits = b"123456789"
        for name, value in (("crc32", 0xcbf43926), ("crc32c", 0xe3069283), ("crc64nvme", 0xae8b14860a799888)):
            server.reset()
            size = 8 if name == "crc64nvme" else 4
            server.put("file", digits, **{"x_amz_checksum_" + name: base64.b64encode(value.to_bytes(size, "big")).decode()})
            self.run_case("get", "s3://b/file", "out-" + name)


def cut(result, size):
    result.cut = size
    return result


def with_etag(result, etag):
    result.headers["ETag"] = f'"{etag}"'
    return result


def first_of(request):
    return int(request.headers["Range"][6:].split("-")[0])


def part(first, last, size=len(LARGE)):
    return Answer(206, LARGE[first:last + 1], {"Content-Range": f"bytes {first}-{last}/{size}",
                                               "ETag": '"' + hashlib.md5(LARGE).hexdigest() + '"'})


def earlier(request, perform):
    """By blocks of 64 KiB, as caches do."""
    return part(first_of(request) // 65536 * 65536, len(LARGE) - 1)


def later(request, perform):
    return part(first_of(request) + 1, len(LARGE) - 1)


def everything(request, perform):
    return Answer(200, LARGE, {"ETag": '"' + hashlib.md5(LARGE).hexdigest() + '"'})


def other_total(request, perform):
    return part(first_of(request), len(LARGE) - 1, 2 * len(LARGE))


def no_range(request, perform):
    result = part(first_of(request), len(LARGE) - 1)
    del result.headers["Content-Range"]
    return result


class ListTest(StoreCase):
    def test_lists_without_end(self):
        def page(token, keys):
            entries = "".join(f"<Contents><Key>{k}</Key><Size>1</Size></Contents>" for k in keys)
            return Answer(200, (f"<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>{token}"
                                f"</NextContinuationToken>{entries}</ListBucketResult>").encode())
        count = iter(range(1 << 30))
        table = [("the same token", lambda q, do: page("t", [f"k{next(count)}"])),
                 ("tokens in a circle", lambda q, do: page(next(count) % 5, [f"k{next(count)}"])),
                 ("the same page", lambda q, do: page(next(count), ["a", "b"])),
                 ("empty pages", lambda q, do: page(next(count), []))]
        def check(action):
            server.on("list", action)
            self.refused("the list has no end", "get", "s3://b/p/", "out", status=1)
        self.each(table, check)

    def test_pages(self):
        for i in range(25):
            server.put(f"p/{i:02}", b"%d" % i)
        server.page_size = 3
        self.run_case("get", "s3://b/p/", "out")
        self.assertEqual(len(self.tree("out")), 25)

    def test_a_page_that_overlaps(self):
        for i in range(9):
            server.put(f"p/{i}", b"x")
        server.page_size = 3
        server.on("list", lambda q, do: (q.query.update({"continuation-token": "2"}), do())[1], 1, None)
        self.run_case("get", "s3://b/p/", "out")


class OneBadObjectTest(StoreCase):
    """It stops no other, and is told in the end."""

    def test_downloads(self):
        table = [("denied", error(403, "AccessDenied"), "no right"), ("archived", error(403, "InvalidObjectState"), "archived"),
                 ("gone", error(404, "NoSuchKey"), "no such object"), ("broken", drop, ""), ("busy", answer(503), "too busy"),
                 ("204", answer(204), "204")]
        def check(action, text):
            for i in range(9):
                server.put(f"p/{i}", b"%d" % i)
            server.on("get", action, 99, key="p/3")
            result = self.refused(["1 of 9 failed: 3", text], "get", "s3://b/p/", self.out(), status=1)
            self.assertEqual(sorted(self.tree(self.out())), list("01245678"))
            self.assertEqual(result.kinds("end")[0]["moved"], 8)
            self.assertEqual([e["name"] for e in result.kinds("note")], ["3"])
        self.each(table, check)

    def test_uploads_and_deletions(self):
        for i in range(5):
            self.write(f"in/{i}", b"%d" % i)
            server.put(f"old{i}", b"x")
        server.on("put", error(403, "AccessDenied"), 99, key="2")
        self.refused("1 of 5 failed: 2", "sync", "in", "s3://b", "--delete", status=1)
        self.assertEqual(len(server.operations("delete")), 0, "only when everything was moved")
        self.assertEqual(sorted(k for k in server.objects if k.isdigit()), list("0134"))
        server.rules = []
        server.on("delete", error(403, "AccessDenied"), 99, key="old2")
        self.refused("failed: old2", "sync", "in", "s3://b", "--delete", status=1)
        self.assertEqual(sorted(server.objects), sorted([*"01234", "old2"]))

    def test_all_of_them(self):
        """The request's own fault is told as that."""
        for i in range(5):
            self.write(f"in/{i}", b"x")
        server.on("put", error(403, "SignatureDoesNotMatch"))
        self.refused("do not belong together", "put", "in", "s3://b/")

    def test_a_server_that_is_gone(self):
        for i in range(300):
            server.put(f"p/{i:03}", b"x")
        server.on("get", answer(503))
        self.refused("too busy", "get", "s3://b/p/", "out", "--retries=0", status=1)
        self.assertLess(len(server.operations("get")), 100)

    def test_names(self):
        names = ["n" * length for length in (242, 243, 250, 254, 255)] + ["d/" + "\u00e9" * 127 + "x", "z"]
        for name in names:
            server.put("p/" + name, name.encode())
        self.run_case("get", "s3://b/p/", "out")
        self.assertEqual(self.tree("out"), {name: name.encode() for name in names})
        server.put("p/" + "m" * 256, b"too long")
        self.refused("1 of 8 failed", "get", "s3://b/p/", "out2", status=1)
        self.assertEqual(len(self.tree("out2")), 7)

    def test_keys_that_are_no_paths(self):
        for key in ("p/fine", "p//x", "p/a/../b", "p/./c", "p/d/", "p/zz"):
            server.put(key, b"x")
        server.put("p/mark/", b"")
        result = self.refused("4 of its keys cannot be the names of files", "get", "s3://b/p/", "out", status=1)
        self.assertEqual(sorted(self.tree("out")), ["fine", "zz"])
        self.assertEqual(len(result.kinds("note")), 4)
        self.refused("cannot be the name of a file", "get", "s3://b/p/", "out2", "--strict")
        self.assertFalse(os.path.exists(self.path("out2")))
        self.run_case("get", "s3://b/p/", "out3", "--exclude=/*", "--exclude=*/.*", "--exclude=*.*", "--exclude=*/")

    def test_a_file_that_is_a_folder(self):
        for key in ("p/a", "p/a-b", "p/a/b", "p/c"):
            server.put(key, b"x")
        self.refused("the object a is there, too", "get", "s3://b/p/", "out")
        self.assertFalse(os.path.exists(self.path("out")))
        self.run_case("get", "s3://b/p/", "out", "--exclude=a/*")
        self.assertEqual(sorted(self.tree("out")), ["a", "a-b", "c"])


class WordsTest(StoreCase):
    """What an error says."""

    TABLE = [
        # name, answer to a GET, what is said, status
        ("policy", error(403, "AccessDenied", "User: me is denied by an explicit deny in a policy"),
         ["no right", "explicit deny"], 2),
        ("lock", error(403, "AccessDenied", "Access Denied because object protected by object lock."), ["object lock"], 2),
        ("archive", error(403, "InvalidObjectState", "The operation is not valid for the object's storage class"),
         ["archived", "storage class", "restore"], 2),
        ("control characters", error(403, "AccessDenied", "a&#10;b&#9;c\u009bd"), ["a b c?d"], 2),
        ("long", error(403, "AccessDenied", "x" * 5000), ["x" * 150], 2),
        ("a page", answer(403, HTML.replace(b"Sign in", b"Blocked"), {"Content-Type": "text/html"}),
         ["access is denied", "Blocked"], 2),
        ("unknown", error(409, "SomethingNew", "never heard of"), ["409 SomethingNew", "never heard of"], 2),
        ("clock", error(403, "RequestTimeTooSkewed", "", "<ServerTime>2020-01-01T00:00:00Z</ServerTime>"),
         ["clock is", "ahead of the server's", "set the clock"], 2),
        ("clock, by the date", lambda q, do: Answer(403, b"<Error><Code>RequestTimeTooSkewed</Code></Error>",
                                                   {"Date": "Fri, 01 Jan 2100 00:00:00 GMT"}), ["behind the server's"], 2),
        ("https", answer(400, b"<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>"),
         ["https:// instead of http://"], 2),
        ("https, in Go", answer(400, b"Client sent an HTTP request to an HTTPS server.\n"), ["https:// instead"], 2),
        ("a suspended user", error(403, "UserSuspended"), ["has suspended the access key's user"], 2),
        ("a name", error(400, "InvalidObjectName"), ["no UTF-8", "rename"], 2),
        ("a lost part", error(400, "InvalidPart"), ["not kept a part", "try again"], 1),
        ("references to control characters", error(403, "A&#x1b;&#7;B", "c&#x01;d"), ["403 A??B", "c?d"], 2),
        ("busy", error(503, "SlowDown", "Please reduce your request rate"), ["too busy", "reduce your request rate"], 1),
        ("the proxy's", answer(407, b""), ["the proxy wants a user"], 2),
        ("a secret", error(403, "AccessDenied", "your key is not-the-secret"), ["no right"], 2),
    ]

    def test_words(self):
        def check(action, texts, status):
            server.put("file", SMALL)
            server.on("get", action)
            result = self.refused(texts, "get", "s3://b/file", "out", status=status)
            self.assertLess(len(result.err), 800)
            self.assertRegex(result.err, "^[^\\x00-\\x09\\x0b-\\x1f]*$")
            if status == 2:
                self.assertEqual(len(server.operations("get")), 1, "not tried again")
        self.each(self.TABLE, check)

    def test_unsigned(self):
        env = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
        for operation, arguments in (("list", ("get", "s3://b/p/", "out")), ("get", ("get", "s3://b/file", "out"))):
            server.reset()
            server.put("file", SMALL)
            server.on(operation, error(403, "AccessDenied"))
            self.refused(["was not signed", "AWS_ACCESS_KEY_ID", "AWS_PROFILE"], *arguments, env=env)


class QuirkTest(StoreCase):
    """What is known of servers that differ from Amazon's: everything goes there and back."""

    def strict(self, refuses, text):
        """Refuses a request that it does not understand, as Garage, Google's and old RGWs do."""
        def act(request, perform):
            return error(501, "NotImplemented", text)(request, perform) if refuses(request) else perform()
        return act

    def unquoted(request, perform):
        result = perform()
        if "ETag" in result.headers:
            result.headers = {**result.headers, "ETag": result.headers["ETag"].strip('"')}
        return result

    def chunked_errors(request, perform):
        """411 for whatever has a body and does not say how long."""
        sends = request.method in ("PUT", "POST")
        return answer(411)(request, perform) if sends and request.headers["Content-Length"] is None else perform()

    def test_tokens_that_are_keys(self):
        """As RGW has them: a key may hold control characters."""
        files = {name: name.encode() for name in ("a\x01b", "a\x1f\x02", "a&b", "a\nb", "a'<\"b", "\x7f", "z")}
        server.tokens_are_keys, server.page_size = True, 1
        for name, content in files.items():
            self.write("in/" + name, content)
        self.run_case("put", "in", "s3://b/")
        self.run_case("get", "s3://b/", "out")
        self.assertEqual(self.tree("out"), files)

    def test_there_and_back(self):
        strange = ("x-amz-checksum", "x-amz-sdk", "x-amz-trailer", "x-amz-decoded")
        checksums = self.strict(lambda q: any(k.lower().startswith(strange) for k in q.headers) or
                                "STREAMING" in q.headers["x-amz-content-sha256"] or "Transfer-Encoding" in q.headers,
                                "a checksum")
        start_after = self.strict(lambda q: "start-after" in q.query or "marker" in q.query, "start-after")
        unsigned = self.strict(lambda q: "UNSIGNED" in q.headers["x-amz-content-sha256"], "an unsigned payload")

        def check(action):
            server.page_size = 2
            server.on("*", action)
            for i in range(5):
                self.write(f"in/{i}", b"%d" % i)
            self.write("in/large", LARGE)
            self.run_case("put", "in", "s3://b/p/", PARTS)
            self.run_case("get", "s3://b/p/", self.out(), PARTS)
            self.assertEqual(self.tree(self.out()), self.tree("in"))
            self.assertEqual(self.run_case("sync", "in", "s3://b/p", "--delete", PARTS).kinds("end")[0]["same"], 6)
        self.each([("no checksum headers", checksums), ("no start-after", start_after), ("signed payloads", unsigned),
                   ("411", QuirkTest.chunked_errors), ("ETags without quotes", QuirkTest.unquoted),
                   ("x-amz-request-id", changed(x_amz_request_id="1"))], check)


if __name__ == "__main__":
    main()
