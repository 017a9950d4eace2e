"""Takes what is pushed to it and keeps nothing, as S3 answers: what a server elsewhere costs this machine."""
import os
import shutil

from servers import Process, answers, free_ports, wait_for

# One answer does for all requests: an upload begins, a part has an ETag that is no MD5, no error is in it.
NGINX = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/t1;
  uwsgi_temp_path {folder}/t2;
  scgi_temp_path {folder}/t3;
  client_max_body_size 0;
  server {{
    listen 127.0.0.1:{port};
    add_header ETag '"kept-nowhere"';
    return 200 '<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>';
  }}
}}
"""


class Sink(Process):
    def __init__(self, folder):
        super().__init__()
        os.makedirs(folder)
        [self.port] = free_ports(1)
        with open(folder + "/nginx.conf", "w") as file:
            file.write(NGINX.format(folder=folder, port=self.port))
        self.launch([shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"), "-p", folder,
                     "-c", folder + "/nginx.conf"], folder + "/log")
        wait_for(lambda: answers(self.port), f"nginx ({folder}/log)")
