"""Small stand-ins for cifar-10-python.tar.gz: few images, in the original's format."""
import io
import random
import tarfile


def batch(rows, seed):
    """{'labels': list, 'data': uint8 array of rows x 3072}, pickled in protocol 2 as Python 2's numpy
    did it: written out, so that no numpy is needed here."""
    randomness = random.Random(seed)
    labels = [randomness.randrange(10) for _ in range(rows)]
    # A class is a brightness, so that something can be learned.
    data = b"".join(bytes(min(255, 25 * label + randomness.randrange(20)) for _ in range(3072))
                    for label in labels)
    numbers = b"".join(b"K" + bytes([label]) for label in labels)
    return (b"\x80\x02}(U\x06labels](" + numbers + b"eU\x04data"
            b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01M"
            + rows.to_bytes(2, "little") + b"M\x00\x0c\x86cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R(K\x03U\x01|NNN"
            b"J\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T" + len(data).to_bytes(4, "little") + data
            + b"tbu.")


def archive(rows):
    """cifar-10-python.tar.gz with so many images in each of its six batches."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        names = [f"data_batch_{i}" for i in range(1, 6)] + ["test_batch"]
        meta = (b"\x80\x02}U\x0blabel_names](" + b"".join(b"U\x02c%d" % i for i in range(10)) + b"es.")
        for seed, name in enumerate(names):
            add(tar, name, batch(rows, seed))
        add(tar, "batches.meta", meta)
    return out.getvalue()


def add(tar, name, content):
    info = tarfile.TarInfo("cifar-10-batches-py/" + name)
    info.size = len(content)
    tar.addfile(info, io.BytesIO(content))
