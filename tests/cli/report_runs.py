"""report_runs.py FOLDER EPOCHS STEPS: writes a run of so many epochs, whose classes have names that mean harm."""
import json
import math
import os
import random
import sys

folder, epochs, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
names = ["<script>document.title='harm'</script>", '"><img src=x onerror=document.title="harm">', "it's & </td>",
         "\u202eright to left", "a" * 300, "", "]]>-->", "</script><!--", "caf\u00e9 \u2603", "\ufffd\x07bell"]
random.seed(1)
os.makedirs(folder)
with open(folder + "/metrics.jsonl", "w") as out:
    for epoch in range(1, epochs + 1):
        for step in range(steps):
            loss = 2 * math.exp(-epoch / epochs) + random.random() / 4
            if (epoch, step) == (epochs // 2, 3):
                loss = 77.125  # an extreme that has to stay
            print(json.dumps({"type": "step", "step": (epoch - 1) * steps + step + 1, "epoch": epoch, "loss": loss,
                              "lr": 0.1, "images_per_second": 100 + random.random()}, separators=(",", ":")), file=out)
        print(json.dumps({"type": "epoch", "epoch": epoch, "step": epoch * steps, "train_loss": loss,
                          "train_accuracy": 1 - loss / 3, "test_loss": loss, "test_accuracy": 1 - loss / 4, "lr": 0.1,
                          "seconds": 2.5, "step_seconds": 2, "wait_seconds": 0.1, "test_seconds": 0.3,
                          "save_seconds": 0.2}, separators=(",", ":")), file=out)
noise = "".join(random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", k=14000))
mistakes = [{"sample": i, "label": i % 10, "said": (i + 1) % 10, "confidence": 0.9, "of_label": 0.01, "png": noise}
            for i in range(24)]
confusion = [n for label in range(10) for said in range(10) for n in (label, said, 1 + 5 * (label == said))]
with open(folder + "/run.json", "w") as out:
    json.dump({"started": "<b>", "data": "<i>data</i>", "epochs": epochs, "batches": steps, "classes": names,
               "environment": "program: <u>\n", "config": "model: '</pre><script>'\n", "changed": {"a<b": '"c>'},
               "command": "dla-train '</code><script>'", "inputs": [{"label": i, "png": noise} for i in range(10)],
               "layers": [{"name": "<s>.a", "op": "conv2d", "src": [-1], "output": [8, 4, 4], "parameters": 9, "macs": 99},
                          {"name": "<s>.b", "op": "linear", "src": [0], "output": [10], "parameters": 9, "macs": 9}]}, out)
with open(folder + "/evaluation.json", "w") as out:
    json.dump({"epoch": epochs, "classes": 10, "confusion": confusion, "mistakes": mistakes}, out)
