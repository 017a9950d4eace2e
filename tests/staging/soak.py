"""Checkpoints all the time, under random faults of the server, for SOAK_SECONDS: nothing is lost.

`make check-soak`; the seed is printed, and SOAK_SEED repeats it.
"""
import os
import random
import time

from case import main
from test_run import RunCase, setUpModule, tearDownModule  # noqa: F401  (unittest calls them)
import test_run

SECONDS = float(os.environ.get("SOAK_SECONDS", "300"))
SEED = int(os.environ.get("SOAK_SEED", str(int(time.time()))))


class SoakTest(RunCase):
    def stop_for_a_while(self, seconds):
        test_run.swift.pause()
        time.sleep(seconds)
        test_run.swift.resume()

    def restart(self, seconds):
        test_run.swift.kill()
        time.sleep(seconds)
        test_run.swift.start()

    def answer_503(self, seconds):
        test_run.nginx.switch("busy", True)
        time.sleep(seconds)
        test_run.nginx.switch("busy", False)

    def cut_connections(self, seconds):
        test_run.nginx.switch("cut", True)
        time.sleep(seconds)
        test_run.nginx.switch("cut", False)

    def kill_the_run(self, seconds):
        self.child.kill()
        self.child.communicate()
        self.jobs += 1
        time.sleep(seconds)
        self.begin()

    def begin(self):
        self.log = open(self.path(f"log{self.jobs}"), "w")
        self.child = self.train(f"job{self.jobs}", *self.often, stderr=self.log)
        self.log.close()

    def test_soak(self):
        print(f"SOAK_SEED={SEED}")
        chance = random.Random(SEED)
        self.configure(epochs=1000000, flush=60)
        # Not the steps but the seconds count: the network is small.
        self.often = ("checkpoint.every_steps=0", "checkpoint.every_epochs=1000000",
                      f"checkpoint.every_minutes={1 / 60:.5f}", "log.level=error")
        self.jobs = 0
        self.begin()
        end = time.monotonic() + SECONDS
        faults = [self.stop_for_a_while, self.restart, self.answer_503, self.cut_connections, self.kill_the_run]
        while time.monotonic() < end:
            time.sleep(chance.uniform(0.5, 4))
            self.assertIsNone(self.child.poll(), "the run ended")
            fault, seconds = chance.choice(faults), chance.uniform(0.1, 3)
            print(f"{fault.__name__} {seconds:.1f} s")
            fault(seconds)
        time.sleep(2)  # one that was begun a moment ago hears of no signal yet
        self.child.terminate()
        self.end(self.child, status=75)
        self.assert_pushed(f"job{self.jobs}")


if __name__ == "__main__":
    main(test_run.Swift, test_run.Nginx)
