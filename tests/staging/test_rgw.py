"""S3 in and out, against Ceph's RGW at 127.0.0.1:$RGW_PORT, which scripts/test-rgw starts.

The tests are those of test_s3.py and test_run.py, and what RGW has of its own. $RGW_STORE names what is
below it: rados, or dbstore, which lacks what LACKS tells.
"""
import os

import test_run
import test_s3
from case import main, module_folder, noise
from s3_client import S3Client
from servers import Nginx, answers, wait_for
from training import TrainingCase, archive

STORE = os.environ.get("RGW_STORE", "rados")


class Rgw:
    @staticmethod
    def missing():
        return None if os.environ.get("RGW_PORT") else "no RGW: run scripts/test-rgw"

    def __init__(self):
        self.port = int(os.environ["RGW_PORT"])
        wait_for(lambda: answers(self.port), "RGW", 120)


def setUpModule():
    global nginx, client
    server = Rgw()
    nginx = Nginx(module_folder("dla-rgw-"), behind=server.port)
    client = S3Client(server.port)
    test_s3.swift, test_s3.client = server, client
    TrainingCase.client = client
    TrainingCase.endpoint = f"http://127.0.0.1:{nginx.front}"
    TrainingCase.input_url = nginx.write("data.tar.gz", archive())


def tearDownModule():
    nginx.stop()


class TransferTest(test_s3.TransferTest):
    pass


class SyncTest(test_s3.SyncTest):
    pass


class ErrorTest(test_s3.ErrorTest):
    pass


class RunTest(test_run.RunCase):
    test_killed_and_started_elsewhere = test_run.RunTest.test_killed_and_started_elsewhere
    test_a_damaged_checkpoint_is_passed_over = test_run.RunTest.test_a_damaged_checkpoint_is_passed_over
    test_a_damaged_download_is_skipped = test_run.RunTest.test_a_damaged_download_is_skipped
    test_evaluated_elsewhere = test_run.RunTest.test_evaluated_elsewhere
    test_interrupted = test_run.RunTest.test_interrupted


if __name__ == "__main__":
    main(Rgw, Nginx)
