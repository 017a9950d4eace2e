"""The servers that the tests talk to, all on 127.0.0.1, on ports that are free."""
import atexit
import http.client
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def wait_for(condition, what, seconds=300):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f"{what} did not come up")
        time.sleep(0.03)


def answers(port, path="/"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class Process:
    """A server that is always stopped in the end."""

    def __init__(self):
        self.child = None
        atexit.register(self.kill)

    def launch(self, command, log):
        with open(log, "ab") as out:
            self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)

    def pause(self):
        self.child.send_signal(signal.SIGSTOP)

    def resume(self):
        self.child.send_signal(signal.SIGCONT)

    def kill(self):
        if self.child:
            self.child.kill()
            self.child.wait()
            self.child = None

    stop = kill


class Swift(Process):
    """An S3 server; see swift_server.py for its keys."""

    @staticmethod
    def missing():
        return None if importlib.util.find_spec("swift") else "python3-swift is not installed"

    def __init__(self, folder):
        super().__init__()
        self.folder = folder
        self.ports = free_ports(4)
        self.port = self.ports[0]
        os.makedirs(folder, exist_ok=True)
        self.start()

    def start(self):
        self.launch([sys.executable, HERE + "/swift_server.py", self.folder, *map(str, self.ports)],
                    self.folder + "/log")
        wait_for(lambda: answers(self.port, "/healthcheck"), f"Swift ({self.folder}/log)")


NGINX = """
daemon off;
master_process off;
worker_processes 1;
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
  {servers}
}}
"""


class NginxProcess(Process):
    @staticmethod
    def missing():
        return None if NginxProcess.program() else "nginx-light is not installed"

    @staticmethod
    def program():
        return shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")

    def serve(self, folder, servers, port):
        """servers: blocks of nginx's configuration; port: one of theirs, which answers."""
        with open(folder + "/nginx.conf", "w") as file:
            file.write(NGINX.format(folder=folder, servers=servers))
        self.launch([self.program(), "-p", folder, "-c", folder + "/nginx.conf"], folder + "/log")
        wait_for(lambda: answers(port), f"nginx ({folder}/log)")


SERVERS = """
  server {{
    listen 127.0.0.1:{http};
    root {folder}/www;
    location / {{ }}
    location /no-range/ {{ max_ranges 0; alias {folder}/www/; }}
    location /slow/ {{ limit_rate 400k; alias {folder}/www/; }}
    location /private/ {{
      auth_basic private;
      auth_basic_user_file {folder}/users;
      alias {folder}/www/;
    }}
  }}
  server {{
    listen 127.0.0.1:{https} ssl;
    ssl_certificate {folder}/server.pem;
    ssl_certificate_key {folder}/server.key;
    root {folder}/www;
    location /to-http/ {{ return 302 http://localhost:{http}/file.txt; }}
    location / {{ }}
  }}
  # In front of the S3 server, with faults that a file switches on. Host is signed, so it stays.
  server {{
    listen 127.0.0.1:{front};
    access_log {folder}/front.log;
    location / {{
      if (-f {folder}/busy) {{ return 503; }}
      if (-f {folder}/cut) {{ return 444; }}
      proxy_pass http://127.0.0.1:{behind};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_request_buffering off;
      proxy_buffering {buffering};
      limit_rate {rate};
    }}
  }}
"""


class Nginx(NginxProcess):
    def __init__(self, folder, behind=1, rate="0"):
        """rate: bytes a second of each answer of the server in front; 0: as fast as it can."""
        super().__init__()
        buffering = "off" if rate == "0" else "on"  # without it, nginx does not limit the rate
        self.folder = folder
        self.http, self.https, self.front = free_ports(3)
        self.www = folder + "/www"
        os.makedirs(self.www)
        self.ca = folder + "/ca.pem"
        self.make_certificate()
        with open(folder + "/users", "w") as file:  # password: let me in
            file.write("reader:{PLAIN}let me in\n")
        self.serve(folder, SERVERS.format(folder=folder, http=self.http, https=self.https,
                                          front=self.front, behind=behind, rate=rate,
                                          buffering=buffering), self.http)

    def make_certificate(self):
        run = lambda *a: subprocess.run(["openssl", *a], check=True, capture_output=True, cwd=self.folder)
        run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=test authority", "-keyout", "ca.key", "-out", "ca.pem")
        run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
            "-keyout", "server.key", "-out", "server.csr")
        with open(self.folder + "/names", "w") as file:
            file.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        run("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "2",
            "-CAcreateserial", "-extfile", "names", "-out", "server.pem")

    def write(self, name, content):
        with open(f"{self.www}/{name}", "wb") as file:
            file.write(content)
        return f"http://127.0.0.1:{self.http}/{name}"

    def switch(self, fault, on):
        """fault: busy (503) or cut (the connection is closed)."""
        path = f"{self.folder}/{fault}"
        if on:
            open(path, "w").close()
        elif os.path.exists(path):
            os.unlink(path)
