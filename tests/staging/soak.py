"""Checkpoints all the time, under random faults of the server, for SOAK_SECONDS: nothing is lost.

A run that is killed loses its disk: the next one goes on from the bucket. So each kill tries what a restore
gets. In the end the parameters are those of a run that nothing disturbed, and every step is told once.
`make check-soak`; the seed is printed, and SOAK_SEED repeats it.
"""
import os
import random
import shutil
import struct
import time

from case import main
from test_run import RunCase, setUpModule, tearDownModule  # noqa: F401  (unittest calls them)
import test_run
from training import checkpoint_step, steps

SECONDS = float(os.environ.get("SOAK_SECONDS", "300"))
SEED = int(os.environ.get("SOAK_SEED", str(int(time.time()))))


def parameters(checkpoint):
    """The arrays' bytes; what stands before them tells the config, too."""
    length, = struct.unpack("<Q", checkpoint[:8])
    return checkpoint[8 + length:]


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
        self.life.kill()
        self.life.communicate()
        if "run/ckpt.safetensors" in self.client.keys(self.bucket):
            print(f"step {self.assert_lines()} in the bucket")
        shutil.rmtree(self.path(f"job{self.jobs}"), ignore_errors=True)
        self.jobs += 1
        time.sleep(seconds)
        self.begin()

    def begin(self):
        self.log = open(self.path(f"log{self.jobs}"), "w")
        self.life = self.train(f"job{self.jobs}", *self.often, stderr=self.log)
        self.log.close()

    def assert_alive(self):
        """A run that cannot read the store at its start ends there, as it says: it is started again."""
        status = self.life.poll()
        if status is None:
            return
        with open(self.path(f"log{self.jobs}")) as log:
            said = log.read()
        self.assertEqual(status, 1, said)
        self.assertRegex(said, "error: (s3://|http://)", "it had begun")
        self.assertFalse(os.path.exists(self.path(f"job{self.jobs}/output/metrics.jsonl")), said)
        print(f"starts again: {said.strip().splitlines()[-1]}")
        self.jobs += 1
        self.begin()

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
        faults = [self.stop_for_a_while, self.restart, self.answer_503, self.cut_connections,
                  self.kill_the_run, self.kill_the_run]
        while time.monotonic() < end:
            time.sleep(chance.uniform(0.5, 4))
            self.assert_alive()
            fault, seconds = chance.choice(faults), chance.uniform(0.1, 3)
            print(f"{fault.__name__} {seconds:.1f} s")
            fault(seconds)
        time.sleep(2)  # one that was begun a moment ago hears of no signal yet
        self.life.terminate()
        self.end(self.life, status=75)
        output = self.assert_pushed(f"job{self.jobs}")
        last = checkpoint_step(output["ckpt.safetensors"])
        self.assertEqual(steps(output["metrics.jsonl"]), list(range(1, last + 1)))
        print(f"{last} steps, {self.jobs} kills")
        self.end(self.train("whole", *self.often, "checkpoint.in=", f"train.max_steps={last}"))
        whole = self.tree("whole/output")["ckpt.safetensors"]
        self.assertTrue(parameters(whole) == parameters(output["ckpt.safetensors"]))


if __name__ == "__main__":
    main(test_run.Swift, test_run.Nginx)
