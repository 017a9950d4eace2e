"""Runs the four servers of OpenStack Swift, with its S3 interface, in this process.

Usage: swift_server.py FOLDER PROXY-PORT OBJECT-PORT CONTAINER-PORT ACCOUNT-PORT

Key test:tester, secret testing: everything. Key test:reader, secret reading: what a bucket allows.
Region us-east-1. Data and configuration stay in FOLDER, so that it can be started again.
"""
import getpass
import os
import sys
import time

from swift.common.utils import eventlet_monkey_patch

eventlet_monkey_patch()
import eventlet
import eventlet.wsgi
from swift.common import wsgi
from swift.common.ring import RingBuilder
from swift.common.utils import set_swift_dir, validate_hash_conf

try:
    from swift.common.http_protocol import SwiftHttpProtocol
except ImportError:
    from swift.common.wsgi import SwiftHttpProtocol

SWIFT = """[swift-hash]
swift_hash_path_prefix = test
swift_hash_path_suffix = test
[storage-policy:0]
name = Policy-0
default = yes
[swift-constraints]
max_file_size = 5368709122
"""

DEFAULT = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {etc}
devices = {folder}/srv
mount_check = false
fallocate_reserve = 0
disable_fallocate = true
log_address = {folder}/no-log
log_level = ERROR
"""

STORAGE = DEFAULT + """[pipeline:main]
pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{name}
"""

# The smallest part is lowered, so that tests need no large files; small parts are not slowed down.
PROXY = DEFAULT + """[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck cache listing_formats bulk s3api tempauth copy slo dlo versioned_writes symlink proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
storage_domain = localhost
s3_acl = false
min_segment_size = 65536
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
user_test_reader = reading
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
max_manifest_segments = 10000
rate_limit_under_size = 0
[filter:dlo]
use = egg:swift#dlo
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_versioned_writes = true
[filter:symlink]
use = egg:swift#symlink
"""


def configure(folder, ports):
    etc = folder + "/etc"
    for path in (etc, folder + "/srv/d1"):
        os.makedirs(path, exist_ok=True)
    with open(etc + "/swift.conf", "w") as file:
        file.write(SWIFT)
    for name, port in ports.items():
        text = PROXY if name == "proxy" else STORAGE
        with open(f"{etc}/{name}-server.conf", "w") as file:
            file.write(text.format(name=name, port=port, etc=etc, folder=folder,
                                   user=getpass.getuser()))
    set_swift_dir(etc)
    validate_hash_conf()
    for name, port in ports.items():
        ring = f"{etc}/{name}.ring.gz"
        if name == "proxy" or os.path.exists(ring):
            continue
        builder = RingBuilder(2, 1, 0)
        builder.add_dev({"region": 1, "zone": 1, "ip": "127.0.0.1", "port": port,
                         "replication_ip": "127.0.0.1", "replication_port": port,
                         "device": "d1", "weight": 1, "meta": ""})
        builder.rebalance()
        builder.get_ring().save(ring)


def serve(folder, name, port):
    listener = eventlet.listen(("127.0.0.1", port), backlog=1024)
    app = wsgi.loadapp(f"{folder}/etc/{name}-server.conf", global_conf={"log_name": name})
    eventlet.spawn(eventlet.wsgi.server, listener, app, open(os.devnull, "w"),
                   protocol=SwiftHttpProtocol, capitalize_response_headers=False,
                   socket_timeout=60, log_output=False)


def main():
    folder = os.path.abspath(sys.argv[1])
    proxy, obj, container, account = map(int, sys.argv[2:6])
    # The proxy last: when it answers, the others do.
    ports = {"object": obj, "container": container, "account": account, "proxy": proxy}
    os.environ["TZ"] = "UTC+0"
    time.tzset()
    configure(folder, ports)
    for name, port in ports.items():
        serve(folder, name, port)
    while True:
        eventlet.sleep(3600)


main()
