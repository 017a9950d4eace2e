"""HTTP in and out, against nginx and against a server that misbehaves as it is told."""
import base64
import hashlib
import http.server
import io
import os
import resource
import socket
import tarfile
import threading
import zipfile

from case import Case, main, module_folder, noise
from servers import Nginx


def setUpModule():
    global nginx, folder
    folder = module_folder("dla-nginx-")
    nginx = Nginx(folder)


def tearDownModule():
    nginx.stop()


def tar_gz(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


class Unruly:
    """Serves self.content at every path, after the answers in self.script, one for each request:
    a status, or how many bytes of the content come before the connection is cut."""

    def __init__(self, content=b"", script=(), ranges=True, location=None):
        self.content, self.script, self.ranges, self.location = content, list(script), ranges, location
        self.etag = '"1"'
        self.seen = []  # (method, headers, body)
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.answer(self)

            do_PUT = do_HEAD = do_GET

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}/data.bin"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        self.seen.append((handler.command, handler.headers, body))
        step = self.script.pop(0) if self.script else 200
        cut = step if step > 599 else None
        status = 200 if cut else step
        content, first = self.content, 0
        asked = handler.headers.get("Range")
        if status == 200 and asked and self.ranges and handler.headers.get("If-Range") == self.etag:
            first, status = int(asked[6:].split("-")[0]), 206
        if status == 200 and handler.headers.get("If-None-Match") == self.etag:
            content, status = b"", 304
        handler.send_response(status)
        if status // 100 == 2:
            handler.send_header("ETag", self.etag)
        if status // 100 == 3 and self.location:
            handler.send_header("Location", self.location)
        if status == 206:
            handler.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        payload = content[first:] if status in (200, 206) else b"not this\n"
        handler.send_header("Content-Length", str(0 if status == 304 else len(payload)))
        handler.end_headers()
        if handler.command == "HEAD" or status == 304:
            return
        handler.wfile.write(payload[:cut])
        if cut:
            handler.wfile.flush()
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True


class HttpCase(Case):
    def unruly(self, *args, **more):
        server = Unruly(*args, **more)
        self.addCleanup(server.close)
        return server


class GetTest(HttpCase):
    def test_archives_are_unpacked_and_other_files_stay(self):
        url = nginx.write("some%20data.tar.gz".replace("%20", " "), tar_gz({"a/b": b"1", "c": b"2"}))
        self.stage("get", url.replace(" ", "%20"), "out")
        self.stage("get", nginx.write("notes.txt", b"hello"), "out")
        self.assertEqual(self.tree("out"), {"a/b": b"1", "c": b"2", "notes.txt": b"hello"})
        self.stage("get", url.replace(" ", "%20"), "packed", "--no-unpack")
        self.assertEqual(list(self.tree("packed")), ["some data.tar.gz"])

    def test_damaged_archives_leave_nothing(self):
        whole = tar_gz({"a": noise(100000), "b": b"2"})
        for name, content in (("cut.tgz", whole[:-1000]), ("bad.tgz", whole[:-6] + b"xxxxxx")):
            self.fails("not what was compressed" if name == "bad.tgz" else "cut short", "get", nginx.write(name, content), "out")
            self.assertEqual(os.listdir(self.path("out")), [])

    def test_the_cache(self):
        for variable in ("DEEPSQUARE_SHARED_TMP", "XDG_CACHE_HOME"):
            env = {variable: self.path(variable)}
            url = nginx.write(variable, b"version 1")
            self.assertEqual(len(self.stage("get", url, "out", env=env).kinds("get")), 2)
            self.assertEqual(len(self.stage("get", url, "out", env=env).kinds("cached")), 1)
            nginx.write(variable, b"version two")
            self.stage("get", url, "out", env=env)
            self.assertEqual(self.read("out/" + variable), b"version two")
            self.assertEqual(os.stat(self.path(variable + "/dla-train")).st_mode & 0o777, 0o700)

    def test_no_cache(self):
        url = nginx.write("x", b"1")
        self.stage("get", url, "out", "--no-cache")
        self.write("file", b"")
        self.stage("get", url, "out", env={"HOME": self.path("file")})  # no folder can be made there
        for env in ({"HOME": self.path("missing")}, {"XDG_CACHE_HOME": self.path("missing/.cache")}):
            notes = self.stage("get", url, "out", env=env).kinds("note")
            self.assertIn("is no folder that exists", str(notes))
        self.assertEqual(self.tree("."), {"out/x": b"1", "file": b""})
        self.assertFalse(os.path.exists(self.path("missing")), "nobody's home is made")

    def test_sha256(self):
        url = nginx.write("x", b"hello")
        right, wrong = hashlib.sha256(b"hello").hexdigest(), "0" * 64
        self.stage("get", url, "out", "--sha256=" + right)
        self.fails("its SHA-256 is " + right, "get", url, "bad", "--sha256=" + wrong)
        self.assertFalse(os.path.exists(self.path("bad")))
        self.fails("over HTTP only", "get", ".", "bad", "--sha256=" + right)
        self.fails("64 hexadecimal digits", "get", url, "bad", "--sha256=12")

    def test_dry_run(self):
        self.stage("get", nginx.write("x", b"hello"), "out", "--dry-run")
        self.assertFalse(os.path.exists(self.path("out")))

    def test_basic_authentication(self):
        nginx.write("x", b"hello")
        rest = f"127.0.0.1:{nginx.http}/private/x"
        self.stage("get", f"http://reader:let%20me%20in@{rest}", "out")
        self.write(".netrc", b'machine 127.0.0.1 login reader password "let me in"\n')
        self.stage("get", "http://" + rest, "out", "--no-cache")
        os.unlink(self.path(".netrc"))
        self.fails("wants a user and a password", "get", "http://" + rest, "out", "--no-cache")
        self.fails("wants a user and a password", "get", f"http://reader:not-the-secret@{rest}", "out", "--no-cache")

    def test_certificates(self):
        nginx.write("x", b"hello")
        for host in ("localhost", "127.0.0.1"):
            url = f"https://{host}:{nginx.https}/x"
            self.fails("certificate is not trusted", "get", url, "out")
            for variable in ("CURL_CA_BUNDLE", "SSL_CERT_FILE"):
                self.stage("get", url, "out", "--no-cache", env={variable: nginx.ca})
        self.fails("not trusted", "get", url, "out", env={"CURL_CA_BUNDLE": self.path("missing")})

    def test_a_query_is_not_shown(self):
        self.fails("nothing at this URL", "get", f"http://127.0.0.1:{nginx.http}/none?key=query-secret", "out")

    def test_a_slow_server_is_no_stall(self):
        nginx.write("slow.bin", noise(900000))
        self.stage("get", f"http://127.0.0.1:{nginx.http}/slow/slow.bin", "out", "--stall-timeout=1")
        self.assertTrue(self.read("out/slow.bin") == noise(900000))

    def test_total_timeout(self):
        nginx.write("slow.bin", noise(2000000))
        self.fails("timed out", "get", f"http://127.0.0.1:{nginx.http}/slow/slow.bin", "out", "--timeout=1", status=1)
        self.assertFalse(os.path.exists(self.path("out")))

    def test_a_full_disk(self):
        url = nginx.write("big.bin", noise(3 << 20))
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
        for option in ("--no-cache", "--json"):
            self.fails("cannot write", "get", url, "out", option, status=1, preexec_fn=limit)
        left = [name for name in self.tree(".") if not name.endswith(".lock")]
        self.assertEqual(left, [])


class ResumeTest(HttpCase):
    content = noise(300000)

    def check(self, server):
        self.assertTrue(self.read("out/data.bin") == self.content)
        return [headers.get("Range") for _, headers, _ in server.seen]

    def test_goes_on_where_it_broke(self):
        server = self.unruly(self.content, [100000, 50000])
        self.stage("get", server.url, "out", "--retries=1")
        self.assertEqual(self.check(server), [None, "bytes=100000-", "bytes=150000-"])

    def test_goes_on_in_another_process(self):
        server = self.unruly(self.content, [100000])
        self.fails("200000 bytes", "get", server.url, "out", "--retries=0", status=1)
        self.assertFalse(os.path.exists(self.path("out")))
        self.stage("get", server.url, "out")
        self.assertEqual(self.check(server), [None, "bytes=100000-"])

    def test_begins_anew_where_the_server_cannot(self):
        server = self.unruly(self.content, [100000], ranges=False)
        self.stage("get", server.url, "out")
        self.check(server)

    def test_begins_anew_where_the_content_changed(self):
        server = self.unruly(noise(300000, seed=2), [100000])
        self.fails("200000 bytes", "get", server.url, "out", "--retries=0", status=1)
        server.content, server.etag = self.content, '"2"'
        self.stage("get", server.url, "out")
        self.check(server)

    def test_begins_anew_where_the_range_is_refused(self):
        server = self.unruly(self.content, [100000, 416])
        self.stage("get", server.url, "out")
        self.check(server)

    def test_nginx(self):
        for place in ("", "no-range/"):
            nginx.write("data.bin", self.content)
            self.stage("get", f"http://127.0.0.1:{nginx.http}/{place}data.bin", "out")
            self.assertTrue(self.read("out/data.bin") == self.content)


class RetryTest(HttpCase):
    def test_what_may_pass(self):
        server = self.unruly(b"x", [503, 429, 502])
        self.assertEqual(len(self.stage("get", server.url, "out").kinds("retry")), 3)

    def test_not_for_ever(self):
        server = self.unruly(b"x", [503] * 9)
        self.fails("answered 503", "get", server.url, "out", "--retries=2", status=1)
        self.assertEqual(len(server.seen), 3)

    def test_not_what_stays_wrong(self):
        for status in (403, 404, 400):
            server = self.unruly(b"x", [status])
            self.fails(str(status), "get", server.url, "out")
            self.assertEqual(len(server.seen), 1)

    def test_a_server_that_says_nothing(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}/x"
            self.fails("too slow", "get", url, "out", "--stall-timeout=1", "--retries=1", status=1)


class RedirectTest(HttpCase):
    def test_to_another_host_without_credentials(self):
        other = self.unruly(b"x")
        server = self.unruly(script=[302, 302], location=other.url)
        self.stage("get", server.url.replace("//", "//reader:not-the-secret@"), "out")
        expected = "Basic " + base64.b64encode(b"reader:not-the-secret").decode()
        self.assertEqual(server.seen[0][1]["Authorization"], expected)
        self.assertIsNone(other.seen[0][1]["Authorization"])

    def test_on_the_same_host_with_credentials(self):
        server = self.unruly(b"x", [302], location="/elsewhere")
        self.stage("get", server.url.replace("//", "//reader:not-the-secret@"), "out")
        self.assertIsNotNone(server.seen[1][1]["Authorization"])

    def test_from_https_to_http_is_refused(self):
        self.fails("from https to a URL that is not", "get", f"https://localhost:{nginx.https}/to-http/", "out",
                   env={"CURL_CA_BUNDLE": nginx.ca})

    def test_to_a_file_is_refused(self):
        server = self.unruly(script=[302], location="file:///etc/passwd")
        self.fails("URL does not work", "get", server.url, "out")

    def test_in_circles(self):
        server = self.unruly(script=[302] * 20, location="/data.bin")
        self.fails("redirects more than", "get", server.url, "out")


class PutTest(HttpCase):
    def test_one_file_goes_as_it_is(self):
        server = self.unruly(b"thank you")
        self.write("in/only", b"content")
        for source in ("in", "in/only"):
            result = self.stage("put", source, server.url)
            self.assertEqual(server.seen[-1][2], b"content")
            self.assertEqual(result.kinds("answer")[0]["detail"], "200 thank you")

    def test_several_go_as_one_zip(self):
        server = self.unruly(b"", [503])
        files = {"a": b"1", "b/caf\u00e9": b"2" * 1000, "empty": b""}
        for name, content in files.items():
            self.write("in/" + name, content)
        self.stage("put", "in", server.url)
        with zipfile.ZipFile(io.BytesIO(server.seen[-1][2])) as sent:
            self.assertEqual({n: sent.read(n) for n in sent.namelist()}, files)

    def test_a_redirect_keeps_the_body(self):
        server = self.unruly(b"", [307], location="/there")
        self.write("only", b"content")
        self.stage("put", "only", server.url)
        self.assertEqual([body for _, _, body in server.seen], [b"content"] * 2)

    def test_what_is_refused(self):
        self.write("only", b"content")
        self.fails("does not allow it (405)", "put", "only", f"http://127.0.0.1:{nginx.http}/x")
        self.fails("cannot be synchronised", "sync", ".", f"http://127.0.0.1:{nginx.http}/x")
        self.fails("no such file", "put", "missing", f"http://127.0.0.1:{nginx.http}/x")


if __name__ == "__main__":
    main(Nginx)
