"""HTTP servers, caches and proxies as public reports tell of them."""
import gzip
import hashlib
import io
import os
import signal
import socket
import ssl
import subprocess
import tarfile
import threading
import unittest

from case import main, module_folder
from fake_s3 import Answer, HTML, answer, changed, done_but, drop, error, html, lose
from servers import wait_for
from store_case import LARGE, SMALL, StoreCase, server
from test_stores import cut, earlier, everything, later, no_range, part

OTHER = bytes(reversed(LARGE))


def tar(files, mode="w:gz"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


class UrlCase(StoreCase):
    def url(self, name="data.bin"):
        return f"{server.url}/b/{name}"

    def serve(self, *actions, name="data.bin", content=LARGE, then=None):
        """One answer each, then always the last one, or the object as it is."""
        server.put(name, content)
        for action in actions:
            server.on("get", action, 1)
        if then:
            server.on("get", then)

    def got(self):
        return self.read(self.out() + "/data.bin")


first_half = lambda request, perform: cut(perform(), 500000)


class ResumeTest(UrlCase):
    def changes(self, **headers):
        """The file is another one when the download goes on; the server ignores If-Range."""
        def act(request, perform):
            server.put("data.bin", OTHER, **headers)
            return perform()
        return act

    def test_no_mixture(self):
        plain = dict(Last_Modified="Thu, 01 Jan 2026 00:00:00 GMT")

        def only_date(request, perform):
            result = first_half(request, perform)
            result.headers = {**result.headers, "ETag": None, "Last-Modified": plain["Last_Modified"]}
            return result

        def other_date(request, perform):
            result = self.changes()(request, perform)
            result.headers = {**result.headers, "ETag": None, "Last-Modified": "Fri, 02 Jan 2026 00:00:00 GMT"}
            return result

        def no_etag(request, perform):
            result = self.changes()(request, perform)
            result.headers = {**result.headers, "ETag": None}
            return result

        def check(*actions):
            self.serve(*actions)
            self.run_case("get", self.url(), self.out())
            self.assertTrue(self.got() in (LARGE, OTHER), "a mixture")
        self.each([("another ETag", first_half, self.changes()), ("no ETag", first_half, no_etag),
                   ("another date", only_date, other_date)], check)

    def test_no_mixture_in_another_process(self):
        self.number = 0
        self.serve(first_half)
        self.refused("bytes", "get", self.url(), "out0", "--retries=0", status=1)
        server.put("data.bin", OTHER)
        self.run_case("get", self.url(), "out0")
        self.assertTrue(self.got() == OTHER)

    def test_another_length(self):
        def longer(request, perform):
            result = perform()
            result.headers["Content-Range"] = result.headers["Content-Range"].split("/")[0] + f"/{2 * len(LARGE)}"
            return result
        self.number = 0
        self.serve(first_half, longer)
        self.run_case("get", self.url(), "out0")
        self.assertTrue(self.got() == LARGE)

    def test_ranges(self):
        def short(request, perform):
            """No more than 300,000 bytes at once."""
            result = perform()
            first = int(request.headers.get("Range", "bytes=0-")[6:-1])
            return part(first, min(first + 300000, len(LARGE)) - 1) if result.status == 206 else result

        def unasked(request, perform):
            first = int(request.headers.get("Range", "bytes=0-")[6:-1])
            return part(first, min(first + 300000, len(LARGE)) - 1)

        def check(*actions):
            self.serve(*actions[:-1], then=actions[-1])
            self.run_case("get", self.url(), self.out())
            self.assertTrue(self.got() == LARGE)
        self.each([("begins earlier", first_half, earlier), ("begins later", first_half, later, None),
                   ("sends everything", first_half, everything), ("no range", first_half, no_range, None),
                   ("short ones", first_half, short), ("not asked for", unasked)], check)

    def test_a_length_that_is_too_long(self):
        too_long = lambda request, perform: cut(changed(Content_Length=str(2 * len(LARGE)))(request, perform), len(LARGE))
        bare = changed(Content_Range=None)

        def promise(request, perform):
            return perform() if request.headers.get("Range") else too_long(request, perform)

        def check(then, status):
            self.serve(too_long, then=then)
            result = self.run_case("get", self.url(), self.out(), status=status)
            if not status:
                self.assertTrue(self.got() == LARGE)
            self.assertLess(len(server.operations("get")), 12, "for ever")
        self.each([("416 says how long", None, 0), ("always promised", promise, 0),
                   ("416 does not say", lambda q, do: bare(q, do) if q.headers.get("Range") else too_long(q, do), 1),
                   ("no ranges", too_long, 1)], check)

    def test_what_is_no_file(self):
        def check(action, text):
            self.serve(then=action)
            self.refused(text, "get", self.url(), self.out(), status=1)
            self.assertFalse(os.path.exists(self.path(self.out())))
        self.each([("204", answer(204), "204"), ("202", answer(202, b"wait"), "202")], check)


class ArchiveTest(UrlCase):
    def test_the_cache_is_not_poisoned(self):
        good = tar({"a": b"1"})
        bad = good[:-8] + b"12345678"
        spoil = lambda request, perform: Answer(200, bad, perform().headers) if perform().status == 200 else perform()
        self.serve(spoil, name="data.tar.gz", content=good)
        self.refused(server.url, "get", self.url("data.tar.gz"), "out")
        self.run_case("get", self.url("data.tar.gz"), "out")
        self.assertEqual(self.tree("out"), {"a": b"1"})

    def test_a_poisoned_cache_heals(self):
        """As an earlier version, or a disk, may have left it."""
        good = tar({"a": b"1"})
        self.serve(name="data.tar.gz", content=good, then=lambda q, do: not_modified(q, do()))
        self.run_case("get", self.url("data.tar.gz"), "out")
        folder = self.path(".cache/dla-train")
        stem, = [n for n in os.listdir(folder) if "." not in n]
        with open(f"{folder}/{stem}", "r+b") as file:
            file.seek(-8, 2)
            file.write(b"12345678")
        result = self.run_case("get", self.url("data.tar.gz"), "out2")
        self.assertEqual([len(result.kinds("cached")), len(result.kinds("note"))], [1, 1])
        self.assertEqual(self.tree("out2"), {"a": b"1"})
        self.assertEqual(len(self.run_case("get", self.url("data.tar.gz"), "out3").kinds("cached")), 1)

    def test_pages_and_other_things_that_are_no_archives(self):
        page = HTML.replace(b"Sign in", b"Please sign in")
        table = [(name, name, page, ["web page", "Please sign in & go on"]) for name in
                 ("a.tar.gz", "a.tgz", "a.zip", "a.gz", "a.tar.xz", "a.tar", "a.7z", "a.pth", "a.npz", "a.TAR.GZ")]
        table += [("text", "a.tar.gz", b"no such data set\n", ["its bytes are none", "no such data set"]),
                  ("JSON", "a.zip", b'{"error": "denied"}', ["its bytes are none", "denied"]),
                  ("noise", "a.tar", LARGE[:5000], ["its bytes are none"]),
                  ("comment", "a.zip", b"<!-- x --> <?xml version='1.0'?>\n" + page, ["web page", "Please sign in"]),
                  ("nothing", "a.zip", b"", ["is empty"])]

        def check(name, content, texts):
            self.serve(name=name, content=content)
            self.refused([*texts, server.url], "get", self.url(name), self.out())
            self.assertEqual(self.tree(self.out()), {})
            if content.startswith(b"<"):
                self.refused("web page", "get", self.url(name), self.out(), "--no-unpack")
        self.each(table, check)
        for name, content in (("page.html", page), ("page", page), ("a.txt", b"text"), ("old.pth", b"\x80\x02}q.")):
            self.serve(name=name, content=content)
            self.run_case("get", self.url(name), "fine")
        self.assertEqual(len(self.tree("fine")), 4)

    @unittest.skipIf(subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode, "no unshare here")
    def test_a_full_disk(self):
        os.mkdir(self.path("small"))
        self.serve(name="a.tar.gz", content=tar({"big": bytes(8 << 20)}))
        child = self.child(["unshare", "-rm", "sh", "-c", f"mount -t tmpfs -o size=2m none {self.path('small')} && "
                            f"exec {os.environ.get('DLA_TRAIN', 'dla-train')} stage get {self.url('a.tar.gz')} {self.path('small')}"],
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.folder,
                           env={**os.environ, "HOME": self.folder})
        out, err = child.communicate()
        self.assertEqual(child.returncode, 1, out + err)
        self.assertIn("No space left on device", err)


def not_modified(request, result):
    if request.headers.get("If-None-Match") == result.headers.get("ETag"):
        return Answer(304, b"", {"ETag": result.headers["ETag"]})
    return result


class PutTest(UrlCase):
    TABLE = [("a page", html(), 99, 1), ("a page, once", html(), 1, 0), ("a page, but done", done_but(html()), 99, 0),
             ("201 with a page", done_but(html(201)), 1, 0), ("lost", lose, 99, 0), ("never arrives", drop, 99, 1),
             ("204", done_but(answer(204)), 1, 0), ("lost, then 409", lose, 1, 0)]

    def test_answers(self):
        self.write("file", SMALL)

        def check(action, times, status):
            server.on("put", action, times)
            self.run_case("put", "file", self.url(), status=status)
            self.assertEqual("data.bin" in server.objects, not status)
        self.each(self.TABLE, check)

    def test_words(self):
        self.write("file", SMALL)
        server.on("put", answer(403, b"quota of me exceeded\nask them"))
        self.refused("quota of me exceeded ask them", "put", "file", self.url())


class StopTest(UrlCase):
    def test_between_two_tries(self):
        """The wait is long, and a stop is heard in it."""
        self.write("in/other", SMALL)
        self.write("in/file", SMALL)
        table = [("get", "get", ("get", self.url("file"), "out")), ("put", "put", ("put", "in/file", self.url())),
                 ("S3 list", "list", ("get", "s3://b/p/", "out")), ("S3 head", "head", ("get", "s3://b/file", "out")),
                 ("S3 get", "get", ("get", "s3://b/p/", "out")), ("S3 put", "put", ("put", "in", "s3://b/")),
                 ("S3 delete", "delete", ("sync", "in", "s3://b/", "--delete"))]

        def check(operation, arguments):
            for key in ("file", "p/file"):
                server.put(key, SMALL)
            server.on(operation, answer(503, b"", {"Retry-After": "600"}))
            child = self.begin(*arguments, "--retries=9")
            wait_for(lambda: operation in server.operations(), "the request")
            for line in child.stdout:  # it is told before the wait
                if '"retry"' in line:
                    break
            child.send_signal(signal.SIGTERM)
            err = self.finish(child, status=75).err
            self.assertIn("was stopped; before that: the server answered 503", err)
        self.each(table, check)


class SchemeTest(UrlCase):
    @classmethod
    def setUpClass(cls):
        folder = module_folder("dla-tls-")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                        "-keyout", folder + "/key.pem", "-out", folder + "/cert.pem"], check=True, capture_output=True)
        cls.cert = folder + "/cert.pem"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")
        cls.listener = socket.create_server(("127.0.0.1", 0))
        cls.tls = cls.listener.getsockname()[1]

        def serve():
            while True:
                try:
                    connection, _ = cls.listener.accept()
                    with context.wrap_socket(connection, server_side=True) as c:
                        c.recv(1 << 16)
                        c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
                except ssl.SSLError:
                    pass
                except OSError:
                    return
        threading.Thread(target=serve, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.listener.close()

    def refused_once(self, text, *arguments, **more):
        result = self.refused(text, *arguments, **more)
        self.assertEqual(result.kinds("retry"), [])

    def test_the_other_scheme(self):
        self.write("in/x", b"x")
        for arguments in (("get", f"http://127.0.0.1:{self.tls}/x", "out"), ("get", "s3://b/x", "out"), ("put", "in", "s3://b/")):
            self.refused_once("speaks TLS (https)", *arguments, env={"AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.tls}"})
        for arguments in (("get", self.url().replace("http", "https", 1), "out"), ("get", "s3://b/x", "out")):
            self.refused_once("does not speak TLS", *arguments,
                              env={"AWS_ENDPOINT_URL": server.url.replace("http", "https", 1)})

    def test_authorities(self):
        url = f"https://localhost:{self.tls}/x"
        folder = self.path("certificates")
        os.mkdir(folder)
        with open(self.cert, "rb") as file:
            self.write("certificates/a.pem", file.read())
        subprocess.run(["openssl", "rehash", folder], check=True)
        self.refused_once(["not trusted", "AWS_CA_BUNDLE", "SSL_CERT_DIR"], "get", url, "out")
        for variable, value in (("AWS_CA_BUNDLE", self.cert), ("CURL_CA_BUNDLE", self.cert), ("SSL_CERT_FILE", self.cert),
                                ("SSL_CERT_DIR", folder)):
            self.run_case("get", url, "out", "--no-cache", env={variable: value})

    def test_addresses_and_schemes(self):
        server.put("file", SMALL)
        self.refused_once("is an address", "get", "s3://b/file", "out", "--virtual-host")
        self.refused_once("is an address", "get", "s3://b/file", "out", "--virtual-host", env={"AWS_ENDPOINT_URL": "http://[::1]:1"})
        self.run_case("get", "s3://b/file", "out", env={"AWS_ENDPOINT_URL": server.url.replace("http", "HTTP")})
        for endpoint in ("ftp://127.0.0.1", "127.0.0.1:80", "http://", "http:///"):
            self.refused_once("the endpoint", "get", "s3://b/file", "out", env={"AWS_ENDPOINT_URL": endpoint})

    def test_redirects_of_the_endpoint(self):
        server.put("file", SMALL)
        self.write("in/file", SMALL)
        for status in (301, 302, 307, 308):
            for operation, arguments in (("get", ("get", "s3://b/file", "out")), ("put", ("put", "in/file", "s3://b/")),
                                         ("list", ("get", "s3://b/p/", "out"))):
                server.rules = []
                server.on(operation, answer(status, b"", {"Location": f"https://127.0.0.1:{self.tls}/b/file?x=query-secret"}))
                self.refused_once([f"redirects to https://127.0.0.1:{self.tls}/b/file", "the scheme",
                                   f"set the endpoint to https://127.0.0.1:{self.tls}"], *arguments)

    def test_a_307_is_followed_once(self):
        self.write("in/file", SMALL)
        there = lambda q, do: Answer(307, b"", {"Location": f"{server.url}/b/elsewhere/{q.key}"})
        relative = lambda q, do: Answer(307, b"", {"Location": f"/b/elsewhere/{q.key}"})
        endpoint = error(307, "TemporaryRedirect", "", f"<Endpoint>127.0.0.1:{server.port}</Endpoint>")

        def check(action, key):
            server.put(key, SMALL)
            for operation in ("put", "get", "head") if action is not endpoint else ("put", "get"):
                server.on(operation, action, 1, key="file")
            self.run_case("put", "in/file", "s3://b/")
            self.run_case("get", "s3://b/file", self.out())
            self.assertIn(key, server.objects)
            for request in server.seen:
                self.assertIn("AWS4-HMAC-SHA256", request.headers["Authorization"])
        self.each([("Location", there, "elsewhere/file"), ("relative", relative, "elsewhere/file"),
                   ("Endpoint", endpoint, "file")], check)
        server.reset()
        server.on("put", answer(307, b"", {"Location": server.url + "/b/file"}))
        self.refused_once("redirects to " + server.url, "put", "in/file", "s3://b/")
        self.assertEqual(len(server.seen), 2)


class ProxyTest(UrlCase):
    def test_http(self):
        server.put("data.bin", LARGE)
        gone = "http://127.0.0.1:9/b/data.bin"
        proxy = {"http_proxy": server.url}
        self.number = 0
        self.run_case("get", gone, "out0", env=proxy)
        self.assertTrue(self.got() == LARGE)
        self.refused("127.0.0.1 port 9", "get", gone, "out0", "--retries=0", "--no-cache", status=1,
                     env={**proxy, "no_proxy": "127.0.0.1"})
        self.refused("http_proxy is", "get", gone, "out0", "--retries=0", "--no-cache", status=1, env={"HTTP_PROXY": server.url})

    def test_one_that_refuses(self):
        server.put("data.bin", LARGE)
        for variable in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            for status in (403, 407, 501):
                server.connect_status, server.connects = status, 0
                for arguments in (("get", "https://127.0.0.1:9/x", "out"), ("get", "s3://b/x", "out")):
                    result = self.refused(f"the proxy refuses to connect: it answered {status}", *arguments,
                                          env={variable: server.url, "AWS_ENDPOINT_URL": "https://127.0.0.1:9"})
                    self.assertEqual(result.kinds("retry"), [])

    def test_one_that_is_not_there(self):
        for url, variable in (("http://a.invalid/x", "http_proxy"), ("https://a.invalid/x", "https_proxy")):
            result = self.refused(["the proxy that " + variable, "cannot be reached"], "get", url, "out", status=1,
                                  env={variable: "http://me:query-secret@127.0.0.1:9"})
            self.assertEqual(result.kinds("retry"), [])

    def test_passwords_stay_secret(self):
        """case.py looks for the parts of the password in everything that is printed."""
        for sign in "#/@? ":
            for scheme in ("http://", ""):
                for url, variable in (("http://127.0.0.1:9/x", "http_proxy"), ("https://127.0.0.1:9/x", "HTTPS_PROXY")):
                    proxy = f"{scheme}user:query-secret{sign}not-the-secret@127.0.0.1:9"
                    result = self.refused(f"the proxy that {variable} names cannot be read", "get", url, "out",
                                          env={variable: proxy})
                    self.assertIn("%23 for #", result.err)


if __name__ == "__main__":
    main()
