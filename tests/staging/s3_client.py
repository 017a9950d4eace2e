"""A small S3 client of our own, so that tests see a bucket by other eyes than the program's."""
import datetime
import hashlib
import hmac
import http.client
import re
import urllib.parse
import xml.sax.saxutils


class S3Client:
    def __init__(self, port, key="test:tester", secret="testing", region="us-east-1"):
        self.port, self.key, self.secret, self.region = port, key, secret, region

    def _signature(self, day, to_sign):
        key = ("AWS4" + self.secret).encode()
        for part in (day, self.region, "s3", "aws4_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()

    def request(self, method, path, query=(), body=b"", headers=None):
        """path is decoded, query a list of pairs. Returns (status, headers, body)."""
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        quoted = urllib.parse.quote(path, safe="/-._~")
        quoted_query = "&".join(f"{urllib.parse.quote(k, safe='-._~')}={urllib.parse.quote(v, safe='-._~')}"
                                for k, v in sorted(query))
        payload = hashlib.sha256(body).hexdigest()
        sent = {"host": f"127.0.0.1:{self.port}", "x-amz-content-sha256": payload,
                "x-amz-date": now, **(headers or {})}
        names = ";".join(sorted(sent))
        canonical = "\n".join([method, quoted, quoted_query,
                               *(f"{name}:{sent[name]}" for name in sorted(sent)), "", names, payload])
        scope = f"{now[:8]}/{self.region}/s3/aws4_request"
        to_sign = "\n".join(["AWS4-HMAC-SHA256", now, scope,
                             hashlib.sha256(canonical.encode()).hexdigest()])
        sent["authorization"] = (f"AWS4-HMAC-SHA256 Credential={self.key}/{scope}, SignedHeaders={names}, "
                                 f"Signature={self._signature(now[:8], to_sign)}")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        try:
            connection.request(method, quoted + ("?" + quoted_query if query else ""), body, sent)
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()

    def expect(self, *args, **more):
        status, headers, body = self.request(*args, **more)
        if status not in (200, 204):
            raise AssertionError(f"{args[:2]}: {status} {body[:300]}")
        return headers, body

    def make_bucket(self, name):
        self.expect("PUT", "/" + name)

    def allow_reading(self, bucket):
        self.expect("PUT", "/" + bucket, [("acl", "")], headers={"x-amz-acl": "public-read"})

    def put(self, bucket, key, body, headers=None):
        self.expect("PUT", f"/{bucket}/{key}", body=body, headers=headers)

    def get(self, bucket, key):
        return self.expect("GET", f"/{bucket}/{key}")[1]

    def head(self, bucket, key):
        return self.expect("HEAD", f"/{bucket}/{key}")[0]

    def keys(self, bucket):
        found, token = [], None
        while True:
            query = [("list-type", "2"), ("encoding-type", "url")]
            query += [("continuation-token", token)] if token else []
            text = self.expect("GET", "/" + bucket, query)[1].decode()
            # Of a server that leaves quotes as they are, they come as XML has them.
            quotes = {"&apos;": "'", "&quot;": '"'}
            found += [urllib.parse.unquote(xml.sax.saxutils.unescape(key, quotes))
                      for key in re.findall("<Key>(.*?)</Key>", text)]
            token = re.search("<NextContinuationToken>(.*?)</NextContinuationToken>", text)
            if not token:
                return found
            token = token.group(1)

    def begin_upload(self, bucket, key):
        text = self.expect("POST", f"/{bucket}/{key}", [("uploads", "")])[1].decode()
        return re.search("<UploadId>(.*?)</UploadId>", text).group(1)

    def put_parts(self, bucket, key, parts, headers=None):
        """One after another."""
        text = self.expect("POST", f"/{bucket}/{key}", [("uploads", "")], headers=headers)[1].decode()
        upload = ("uploadId", re.search("<UploadId>(.*?)</UploadId>", text).group(1))
        tags = [self.expect("PUT", f"/{bucket}/{key}", [("partNumber", str(n)), upload], part)[0]["ETag"]
                for n, part in enumerate(parts, 1)]
        listed = "".join(f"<Part><PartNumber>{n}</PartNumber><ETag>{tag}</ETag></Part>"
                         for n, tag in enumerate(tags, 1))
        self.expect("POST", f"/{bucket}/{key}", [upload],
                    f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>".encode())

    def uploads(self, bucket):
        text = self.expect("GET", "/" + bucket, [("uploads", "")])[1].decode()
        return re.findall("<UploadId>(.*?)</UploadId>", text)
