#!/bin/sh
# The image's second stage: the run-time packages, certificates for HTTPS, and a user without rights.
set -eu
packages=$(cat "${1:?usage: docker/run.sh FILE-WITH-PACKAGES}")
apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages ca-certificates >/dev/null
apt-get clean
rm -rf /var/lib/apt/lists/*
useradd --create-home --uid 1000 dla
