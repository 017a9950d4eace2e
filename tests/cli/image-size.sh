# Images of another size than CIFAR's: a network is made for it, trains, and goes on to the byte; the
# checkpoint knows the size. Images that are larger than that are refused.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
sized() {
  folder "$1"
  sed -i 's/kernel: 8}/kernel: 10}/' net.yaml
  sed -i 's/graph: net.yaml/graph: net.yaml, image_size: 40/' c.yaml
}
goes_on sized once twice
(cd twice && "$DLA_TRAIN" eval c.yaml checkpoint.in=ckpt.safetensors 2>&1 | grep -q accuracy) || exit 1
sed -i 's/kernel: 10}/kernel: 5}/' once/net.yaml
"$DLA_TRAIN" once/c.yaml model.graph=once/net.yaml model.image_size=20 output.dir=small 2>&1 | tail -n 1
"$DLA_TRAIN" graph model.image_size=64 | grep -A1 -E 'label="(avg_pool|linear)' | grep label
# Without the key it is a size that the images fit in.
mkdir wide && python3 - <<'END' || exit 99
import struct
for split in ("train", "t10k"):
    with open(f"wide/{split}-images-idx3-ubyte", "wb") as out:
        out.write(struct.pack(">4I", 0x803, 8, 24, 40) + bytes(i % 251 for i in range(8 * 24 * 40)))
    with open(f"wide/{split}-labels-idx1-ubyte", "wb") as out:
        out.write(struct.pack(">2I", 0x801, 8) + bytes(i % 2 for i in range(8)))
END
"$DLA_TRAIN" dataset.path=wide model.graph=once/net.yaml model.in_channels=1 train.max_steps=1 train.batch_size=4 \
  output.dir=wide >out 2>&1 || cat out
"$DLA_TRAIN" inspect wide/checkpoint.safetensors | grep image_size
