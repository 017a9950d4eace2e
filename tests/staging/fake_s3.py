"""An S3 server in this process that does what it is told, also what no server should.

It checks signatures with SECRETS, as RGW does: the headers in the order of their names. A test sets rules: for an
operation (list, head, get, put, begin, part, complete, abort, uploads, delete) what is answered instead, and how often.
"""
import hashlib
import hmac
import http.server
import re
import socket
import threading
import time
import urllib.parse
import xml.sax.saxutils

HTML = b"<!DOCTYPE html>\n<html><head><title>Sign in &amp; go on</title></head><body>portal</body></html>"


class Answer:
    """cut: so many bytes of the body come, then the connection ends."""

    def __init__(self, status=200, body=b"", headers=None, cut=None):
        self.status, self.body, self.cut = status, body, cut
        self.headers = dict(headers or {})


def html(status=200):
    return lambda request, perform: Answer(status, HTML, {"Content-Type": "text/html"})


def answer(*args, **more):
    """Nothing is done, and that is answered."""
    return lambda request, perform: Answer(*args, **more)


def done_but(action):
    """It is done, and something else is answered."""
    def act(request, perform):
        perform()
        return action(request, perform)
    return act


def lose(request, perform):
    """It is done, and the connection ends."""
    perform()
    return None


def drop(request, perform):
    """Nothing is done, and the connection ends."""
    return None


def changed(**headers):
    """As it should be, but for some headers; None: without that header."""
    def act(request, perform):
        result = perform()
        for name, value in headers.items():
            name = name.replace("_", "-")
            result.headers.pop(name, None)
            if value is not None:
                result.headers[name] = value
        return result
    return act


def error(status, code, message="", more=""):
    body = (f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code><Message>{message}</Message>"
            f"{more}</Error>").encode()
    return lambda request, perform: Answer(status, body, {"Content-Type": "application/xml"})


SECRETS = {"key": "not-the-secret", "key-of-data": "not-the-secret", "key-of-results": "not-the-secret",
           "first": "not-the-secret", "second": "not-the-secret", "mine": "query-secret",
           "x": "query-secret", "test:tester": "testing"}


def is_signed(request):
    """By AWS Signature Version 4, with all headers of Amazon's."""
    sent = {name.lower(): " ".join(value.split()) for name, value in request.headers.items()}
    found = re.fullmatch("AWS4-HMAC-SHA256 Credential=([^/]*)/(.*), SignedHeaders=(.*), Signature=(.*)",
                         sent["authorization"])
    key, scope, names, signature = found.groups()
    if not {"host", *(name for name in sent if name.startswith("x-amz-"))} <= set(names.split(";")):
        return False
    if hashlib.sha256(request.body).hexdigest() != sent["x-amz-content-sha256"]:
        return False
    # A proxy is sent the whole URL.
    path, _, query = re.sub("^https?://[^/]*", "", request.path).partition("?")
    canonical = "\n".join([request.method, path, "&".join(sorted(query.split("&"))),
                           *(f"{name}:{sent[name]}" for name in sorted(names.split(";"))), "",
                           ";".join(sorted(names.split(";"))), sent["x-amz-content-sha256"]])
    to_sign = "\n".join(["AWS4-HMAC-SHA256", sent["x-amz-date"], scope,
                         hashlib.sha256(canonical.encode()).hexdigest()])
    secret = ("AWS4" + SECRETS.get(key, "")).encode()
    for part in (*scope.split("/"), to_sign):
        secret = hmac.new(secret, part.encode(), hashlib.sha256).digest()
    return secret.hex() == signature


class Request:
    def __init__(self, handler, body):
        url = urllib.parse.urlsplit(handler.path)
        self.method, self.headers, self.body = handler.command, handler.headers, body
        self.query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        parts = urllib.parse.unquote(url.path).split("/", 2)
        self.bucket, self.key = parts[1], parts[2] if len(parts) > 2 else ""
        self.path = handler.path
        self.operation = self.find_operation()

    def find_operation(self):
        q = self.query
        if not self.key:
            return "uploads" if "uploads" in q else "list"
        if "uploads" in q:
            return "begin"
        if "uploadId" in q:
            return {"PUT": "part", "POST": "complete", "DELETE": "abort"}[self.method]
        return self.method.lower()


class FakeS3:
    def __init__(self, listen="127.0.0.1"):
        self.lock = threading.RLock()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def handle_expect_100(self):
                return outer.continues and super().handle_expect_100() or True

            def do_GET(self):
                outer.serve(self)

            do_PUT = do_POST = do_HEAD = do_DELETE = do_GET

            def do_CONNECT(self):
                """As a proxy, it lets nobody through."""
                outer.connects += 1
                self.send_response(outer.connect_status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 256

            def handle_error(self, *_):
                pass

        self.server = Server((listen, 0), Handler)
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        self.reset()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def reset(self):
        self.objects, self.uploads, self.rules, self.seen = {}, {}, [], []
        self.continues, self.page_size, self.amazon, self.tokens_are_keys = True, 1000, False, False
        self.connects, self.connect_status = 0, 403

    def on(self, operation, action, times=1 << 30, key=None):
        self.rules.append([operation, action, times, key])

    def hold(self, operation, key):
        """The next answer waits until the event that is returned is set."""
        release = threading.Event()
        self.on(operation, lambda request, perform: (release.wait(300), perform())[1], 1, key)
        return release

    def put(self, key, body, **headers):
        etag = '"' + hashlib.md5(body).hexdigest() + '"'
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        self.objects[key] = (body, {"ETag": etag, **more})

    def body(self, key):
        return self.objects[key][0]

    def operations(self, *which):
        return [r.operation for r in self.seen if not which or r.operation in which]

    def serve(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        request = Request(handler, body)
        with self.lock:
            self.seen.append(request)
            action = self.find_rule(request)
        perform = lambda: getattr(self, "do_" + request.operation)(request)
        if request.headers.get("authorization", "").startswith("AWS4") and not is_signed(request):
            action = error(403, "SignatureDoesNotMatch")
        result = action(request, perform) if action else perform()
        if result is None:
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True
            return
        self.send(handler, request, result)

    def find_rule(self, request):
        for rule in self.rules:
            if rule[0] in (request.operation, "*") and rule[2] > 0 and rule[3] in (None, request.key):
                rule[2] -= 1
                return rule[1]
        return None

    def send(self, handler, request, result):
        handler.send_response(result.status)
        headers = {"Content-Length": str(len(result.body)), **result.headers}
        if self.amazon:
            headers.setdefault("x-amz-request-id", "1")
        for name, value in headers.items():
            if value is not None:
                handler.send_header(name, value)
        handler.end_headers()
        if request.method != "HEAD" and result.status not in (204, 304):
            handler.wfile.write(result.body[:result.cut])
        if result.cut is not None:
            handler.wfile.flush()
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True

    # --- the operations, as they should be ---

    def found(self, request):
        """The object's answer, or an error."""
        if request.key not in self.objects:
            return error(404, "NoSuchKey")(request, None)
        body, headers = self.objects[request.key]
        if request.headers.get("If-Match", headers["ETag"]) != headers["ETag"]:
            return error(412, "PreconditionFailed")(request, None)
        return Answer(200, body, headers)

    do_head = found

    def do_get(self, request):
        result = self.found(request)
        asked = re.match(r"bytes=(\d+)-(\d*)", request.headers.get("Range", ""))
        if result.status != 200 or not asked:
            return result
        size, first = len(result.body), int(asked[1])
        last = min(int(asked[2] or size - 1), size - 1)
        if first >= size:
            return Answer(416, b"", {"Content-Range": f"bytes */{size}"})
        result.status, result.body = 206, result.body[first:last + 1]
        result.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
        return result

    def do_put(self, request):
        meta = {k.lower(): v for k, v in request.headers.items() if k.lower().startswith("x-amz-meta-")}
        with self.lock:
            self.put(request.key, request.body)
            self.objects[request.key][1].update(meta)
        return Answer(200, b"", {"ETag": self.objects[request.key][1]["ETag"]})

    def do_delete(self, request):
        with self.lock:
            self.objects.pop(request.key, None)
        return Answer(204)

    def do_begin(self, request):
        with self.lock:
            upload = f"upload-{len(self.uploads)}-{time.monotonic_ns()}"
            meta = {k.lower(): v for k, v in request.headers.items() if k.lower().startswith("x-amz-meta-")}
            self.uploads[upload] = (request.key, meta, {})
        return Answer(200, f"<InitiateMultipartUploadResult><UploadId>{upload}</UploadId>"
                           "</InitiateMultipartUploadResult>".encode())

    def do_part(self, request):
        with self.lock:
            if request.query["uploadId"] not in self.uploads:
                return error(404, "NoSuchUpload")(request, None)
            self.uploads[request.query["uploadId"]][2][int(request.query["partNumber"])] = request.body
        return Answer(200, b"", {"ETag": '"' + hashlib.md5(request.body).hexdigest() + '"'})

    def do_complete(self, request):
        with self.lock:
            if request.query["uploadId"] not in self.uploads:
                return error(404, "NoSuchUpload")(request, None)
            key, meta, parts = self.uploads.pop(request.query["uploadId"])
            self.put(key, b"".join(parts[n] for n in sorted(parts)))
            digests = b"".join(hashlib.md5(parts[n]).digest() for n in sorted(parts))
            etag = f'"{hashlib.md5(digests).hexdigest()}-{len(parts)}"'
            self.objects[key][1].update({**meta, "ETag": etag})
        return Answer(200, b"<CompleteMultipartUploadResult><ETag>" + etag.encode() +
                      b"</ETag></CompleteMultipartUploadResult>")

    def do_abort(self, request):
        with self.lock:
            gone = self.uploads.pop(request.query["uploadId"], None) is None
        return error(404, "NoSuchUpload")(request, None) if gone else Answer(204)

    def do_uploads(self, request):
        return Answer(200, b"<ListMultipartUploadsResult></ListMultipartUploadsResult>")

    def do_list(self, request):
        prefix = request.query.get("prefix", "")
        keys = sorted(k for k in self.objects if k.startswith(prefix))
        token = request.query.get("continuation-token", "")
        if self.tokens_are_keys:
            start = sum(key <= token for key in keys)
        else:
            start = int(token or 0)
        page = keys[start:start + self.page_size]
        more = start + self.page_size < len(keys)
        contents = "".join(self.entry(key) for key in page)
        if more:
            token = self.as_rgw_writes(page[-1]) if self.tokens_are_keys else start + self.page_size
            token = f"<NextContinuationToken>{token}</NextContinuationToken>"
        else:
            token = ""
        return Answer(200, ("<?xml version='1.0'?><ListBucketResult xmlns='http://s3.amazonaws.com/doc/2006-03-01/'>"
                            f"<EncodingType>url</EncodingType><IsTruncated>{str(more).lower()}</IsTruncated>"
                            f"{token}{contents}</ListBucketResult>").encode())

    def as_rgw_writes(self, text):
        """It refers to control characters, which XML 1.0 does not know."""
        return re.sub("[\0-\x08\x0b-\x1f]", lambda found: f"&#x{ord(found[0]):02x};", xml.sax.saxutils.escape(text))

    def entry(self, key):
        body, headers = self.objects[key]
        return (f"<Contents><Key>{urllib.parse.quote(key, safe='/')}</Key><Size>{len(body)}</Size>"
                f"<ETag>{xml.sax.saxutils.escape(headers['ETag'])}</ETag></Contents>")
