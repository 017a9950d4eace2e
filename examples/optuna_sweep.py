#!/usr/bin/python3
"""Optuna chooses, dla-train trains (Debian: python3-optuna).

    examples/optuna_sweep.py CONFIG DIR [--trials N] [--epochs N] [--step N] [section.key=value ...]

Each trial trains a few epochs at a time and goes on from its checkpoint, unless the median of the
others says that it is not worth it. The study is kept in DIR/study.db: run again, it goes on.
DLA_TRAIN is the program.
"""
import argparse
import json
import os
import signal
import subprocess
import sys

import optuna

DIVERGED, INTERRUPTED = 3, 75  # exit statuses; see README.md


class Stopped(Exception):
    """A signal stopped the training; what was done is saved."""


def accuracies(folder):
    """Test accuracy after each epoch so far, by metrics.jsonl."""
    path = os.path.join(folder, "metrics.jsonl")
    if not os.path.exists(path):
        return []
    with open(path) as file:
        lines = [json.loads(line) for line in file if line.endswith("\n")]
    return [line["test_accuracy"] for line in lines if line["type"] == "epoch"]


def train(args, folder, parameters, epochs):
    """Trains to so many epochs; False: it diverged."""
    given = dict(parameters, **{"output.dir": folder, "checkpoint.in": "auto", "train.epochs": epochs})
    overrides = [f"{key}={value}" for key, value in given.items()]
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "log.txt"), "a") as log:
        run = subprocess.run(
            [os.environ.get("DLA_TRAIN", "./dla-train"), "train", args.config, *args.overrides, *overrides],
            stdout=log, stderr=log)
    if run.returncode == INTERRUPTED:
        raise Stopped
    if run.returncode != DIVERGED:
        run.check_returncode()
    return run.returncode == 0


def run_trial(args, study, trial):
    parameters = {
        "optimizer.lr": trial.suggest_float("optimizer.lr", 1e-3, 0.5, log=True),
        "optimizer.momentum": trial.suggest_float("optimizer.momentum", 0, 0.95, step=0.05),
    }
    # By its parameters, not its number: so a trial that is asked for again goes on.
    name = ",".join(f"{key.split('.')[-1]}={value:.6g}" for key, value in parameters.items())
    folder = os.path.join(args.dir, name)
    for epochs in range(args.step, args.epochs + 1, args.step):
        if len(accuracies(folder)) < epochs and not train(args, folder, parameters, epochs):
            study.tell(trial, state=optuna.trial.TrialState.FAIL)
            return
        trial.report(accuracies(folder)[epochs - 1], epochs)
        if epochs < args.epochs and trial.should_prune():
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
            return
    study.tell(trial, max(accuracies(folder)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("config")
    parser.add_argument("dir")
    parser.add_argument("overrides", nargs="*")
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--epochs", type=int, default=9)
    parser.add_argument("--step", type=int, default=3, help="epochs between two decisions; divides --epochs")
    args = parser.parse_args()
    if args.step < 1 or args.epochs % args.step:
        parser.error("--step must divide --epochs")
    # Ctrl-C and Slurm signal the whole group: the training saves and ends, and this waits for it.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1):
        signal.signal(number, lambda *_: None)
    os.makedirs(args.dir, exist_ok=True)
    study = optuna.create_study(
        storage=f"sqlite:///{args.dir}/study.db", study_name="dla-train", load_if_exists=True,
        direction="maximize", pruner=optuna.pruners.MedianPruner())
    # The same seed again would draw again what is there already.
    study.sampler = optuna.samplers.TPESampler(seed=len(study.trials))
    while sum(t.state.is_finished() and "interrupted" not in t.user_attrs for t in study.trials) < args.trials:
        trial = study.ask()
        try:
            run_trial(args, study, trial)
        except Stopped:
            # The next run asks for the same parameters first.
            study.enqueue_trial(trial.params)
            trial.set_user_attr("interrupted", True)
            study.tell(trial, state=optuna.trial.TrialState.FAIL)
            return INTERRUPTED
    print(json.dumps({"best": study.best_trial.number, "value": study.best_value, "parameters": study.best_params}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
