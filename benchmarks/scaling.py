#!/usr/bin/env python3
"""The tables of docs/scaling.md: what several nodes gain, from the compute time of one and the
network's bandwidth and latency. An all-reduce over a ring moves 2 (n-1)/n of the gradients through
every node, in 2 (n-1) messages a bucket (Patarasuk and Yuan, 2009). The backward pass, 2/3 of a step,
hides it, except for the last bucket, whose gradients are final when the pass ends."""

GRADIENTS = 60.6e6  # bytes, SimpleDLA
BUCKETS = 10
LAST_BUCKET = 4.2e6
BACKWARD = 2 / 3
SECONDS_AN_IMAGE = 1.65 / 128  # 2 AVX-512 cores, docs/performance.md
NETWORKS = {  # bit/s, of which 90 % reach the program; seconds a message
    "1 Gbit/s": (1e9, 50e-6),
    "10 Gbit/s": (10e9, 20e-6),
    "25 Gbit/s": (25e9, 10e-6),
    "100 Gbit/s": (100e9, 2e-6),
}
NODES = [2, 4, 8, 16, 32, 64]


def ring(nbytes, messages, nodes, network):
    bits, latency = NETWORKS[network]
    return 2 * (nodes - 1) / nodes * 8 * nbytes / (0.9 * bits) + messages * 2 * (nodes - 1) * latency


def step(batch, nodes, network, speedup):
    """Seconds of a step of `batch` images a node."""
    compute = batch * SECONDS_AN_IMAGE / speedup
    last = ring(LAST_BUCKET, 1, nodes, network)
    hideable = ring(GRADIENTS - LAST_BUCKET, BUCKETS - 1, nodes, network)
    return compute + max(0, hideable - BACKWARD * compute) + last


def efficiency(batch, nodes, network, speedup):
    return batch * SECONDS_AN_IMAGE / speedup / step(batch, nodes, network, speedup)


def table(title, speedup, batch_of):
    print(f"\n{title}\n")
    print("| network | " + " | ".join(str(n) for n in NODES) + " |")
    print("|---|" + "---|" * len(NODES))
    for network in NETWORKS:
        row = []
        for n in NODES:
            gain = n * efficiency(batch_of(n), n, network, speedup)
            row.append(f"{gain:.1f} ({100 * gain / n:.0f} %)")
        print(f"| {network} | " + " | ".join(row) + " |")


for cores in 2, 32:
    node = f"nodes of {cores} cores"
    table(f"128 images a node, {node}", cores / 2, lambda n: 128)
    table(f"1,024 images in all, {node}", cores / 2, lambda n: 1024 / n)

# Up to how many nodes four fifths of their power are used.
print()
for network in NETWORKS:
    row = []
    for cores in 2, 32:
        for batch_of in (lambda n: 128), (lambda n: 1024 / n):
            pays = [n for n in NODES if efficiency(batch_of(n), n, network, cores / 2) >= 0.8]
            row.append(f"{max(pays)} nodes" if pays else "1 node")
    print(f"| {network} | " + " | ".join(row) + " |")
