"""Something that is held while a turn of a benchmark runs, such as a lock of the machine."""
import contextlib
import shlex
import subprocess
import sys


def add_option(parser):
    parser.add_argument("--guard", metavar="COMMAND", help="holds something as long as the command runs "
                        "that is given to it, say \"flock FILE\"; held for each turn anew")


@contextlib.contextmanager
def held(command):
    if not command:
        yield
        return
    child = subprocess.Popen(shlex.split(command) + ["sh", "-c", "echo held; read -r _"],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    if not child.stdout.readline():
        sys.exit(f"{command} held nothing")
    try:
        yield
    finally:
        child.communicate()
