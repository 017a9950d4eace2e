"""Takes what is pushed to it and keeps nothing, as S3 answers: what a server elsewhere costs this machine."""
import os

from servers import NginxProcess, free_ports

# One answer does for all requests: an upload begins, a part has an ETag that is no MD5, no error is in it.
SERVER = """
  server {{
    listen 127.0.0.1:{port};
    add_header ETag '"kept-nowhere"';
    return 200 '<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>';
  }}
"""


class Sink(NginxProcess):
    def __init__(self, folder):
        super().__init__()
        os.makedirs(folder)
        [self.port] = free_ports(1)
        self.serve(folder, SERVER.format(port=self.port), self.port)
