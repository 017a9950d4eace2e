# Makes small data sets as people have them: make_datasets.py FOLDER (needs numpy). Prints a line for each:
# its path, and what has to come of it: the format, or a pattern of the error.
import gzip, os, pickle, shutil, struct, sys, tarfile, zipfile
import numpy as np

os.makedirs(sys.argv[1], exist_ok=True)
os.chdir(sys.argv[1])
rng = np.random.default_rng(1)
COUNT = 4

def say(path, result):
    print(path, result, sep='\t')

def images():
    return rng.integers(0, 256, (COUNT, 3072), dtype=np.uint8)

def batch(classes=10):
    return {'batch_label': 'x', 'filenames': ['a.png'] * COUNT,
            'labels': [int(x) for x in rng.integers(0, classes, COUNT)], 'data': images()}

def cifar10(folder, protocol=2, change=lambda d: d, names=lambda n: n, result='CIFAR-10 python version'):
    os.makedirs(folder, exist_ok=True)
    for name in ['data_batch_%d' % j for j in range(1, 6)] + ['test_batch']:
        with open(folder + '/' + names(name), 'wb') as f:
            pickle.dump(change(batch()), f, protocol=protocol)
    with open(folder + '/' + names('batches.meta'), 'wb') as f:
        pickle.dump({'label_names': ['c%d\x9b' % i for i in range(10)]}, f, protocol=protocol)
    if result:
        say(folder, result)

def both(d, **changed):
    return dict(d, **changed)

# Pickles, written again.
for protocol in range(6):
    cifar10('protocol_%d' % protocol, protocol)
    cifar10('bytes_%d' % protocol, protocol, lambda d: {k.encode(): v for k, v in d.items()})
square = lambda d: d['data'].reshape(COUNT, 3, 32, 32)
cifar10('tuple', 4, lambda d: both(d, labels=tuple(d['labels'])))
for kind in ('int64', 'uint8', '>i4', 'float32'):
    cifar10('array_' + kind.strip('>'), 4, lambda d: both(d, labels=np.array(d['labels'], kind)))
cifar10('column', 4, lambda d: both(d, labels=np.array(d['labels']).reshape(-1, 1)))
cifar10('scalars', 2, lambda d: both(d, labels=list(np.array(d['labels'], 'int32'))))
cifar10('nchw', 4, lambda d: both(d, data=square(d)))
cifar10('nhwc', 4, lambda d: both(d, data=np.ascontiguousarray(square(d).transpose(0, 2, 3, 1))))
cifar10('nhwc_5', 5, lambda d: both(d, data=square(d).transpose(0, 2, 3, 1)))
cifar10('fortran', 4, lambda d: both(d, data=np.asfortranarray(d['data'])))
cifar10('fortran_5', 5, lambda d: both(d, data=np.asfortranarray(square(d))))
cifar10('wide', 4, lambda d: both(d, data=d['data'].astype('int64')))
cifar10('single', 4, lambda d: both(d, data=d['data'].astype('float32')))
cifar10('dictionary', 2, lambda d: __import__('collections').OrderedDict(d))
cifar10('fractions', 4, lambda d: both(d, data=d['data'] / 255), result="!numbers that are no pixels")
cifar10('small', 4, lambda d: both(d, data=d['data'][:, :768]), result="!'data' is 4 x 768, not N x 3072")
cifar10('strings', 4, lambda d: both(d, labels=['cat'] * COUNT), result='!label 0 is not in 0..9')
cifar10('fewer', 4, lambda d: both(d, labels=d['labels'][1:]), result='!4 images, but 3 labels')

# Names and folders.
cifar10('upper', names=str.upper)
cifar10('suffix', names=lambda n: n + '.pkl')
cifar10('copies', names=lambda n: n + ' (1)')
cifar10('kaggle/cifar-10-python/cifar-10-batches-py', result=None)
say('kaggle', 'CIFAR-10 python version')
cifar10('plain/cifar-10-batches-py', result=None)
shutil.make_archive('whole', 'zip', 'plain')
say('whole.zip', 'CIFAR-10 python version')
os.makedirs('zipped')
shutil.copy('whole.zip', 'zipped/archive (1).zip')
say('zipped', 'CIFAR-10 python version')

# Archives that are not whole, or none.
with tarfile.open('cifar-10-python.tar.gz', 'w:gz') as t:
    t.add('plain/cifar-10-batches-py', 'cifar-10-batches-py')
whole = open('cifar-10-python.tar.gz', 'rb').read()
for name, content in (('cut.tar.gz', whole[:-2000]), ('cut.tar', gzip.decompress(whole)[:40000]),
                    ('cut.zip', open('whole.zip', 'rb').read()[:-3000])):
    open(name, 'wb').write(content)
    say(name, '!cut short')
locked = bytearray(open('whole.zip', 'rb').read())
for mark, flags in ((b'PK\3\4', 6), (b'PK\1\2', 8)):  # the bit that says encrypted
    at = locked.find(mark)
    while at >= 0:
        locked[at + flags] |= 1
        at = locked.find(mark, at + 1)
open('locked.zip', 'wb').write(locked)
say('locked.zip', '!archive is encrypted')
open('answer.tar.gz', 'wb').write(gzip.compress(b'<html><title>Sign in</title></html>'))
say('answer.tar.gz', '!no archive')
with zipfile.ZipFile('nested.zip', 'w') as z:
    z.write('cifar-10-python.tar.gz')
say('nested.zip', '!an archive cifar-10-python.tar.gz in it.*unpack')
with zipfile.ZipFile('mnist.zip', 'w') as z:
    for part, name in (('train', 'train'), ('t10k', 't10k')):
        pictures = struct.pack('>IIII', 0x803, COUNT, 28, 28) + images().tobytes()[:COUNT * 784]
        labels = struct.pack('>II', 0x801, COUNT) + bytes(range(COUNT))
        z.writestr('MNIST/raw/%s-images-idx3-ubyte.gz' % part, gzip.compress(pictures))
        z.writestr('MNIST/raw/%s-labels-idx1-ubyte.gz' % part, gzip.compress(labels))
say('mnist.zip', 'IDX (MNIST)')

cifar10('links_to', result=None)
os.makedirs('links')
for name in os.listdir('links_to'):
    os.symlink('../links_to/' + name, 'links/' + name)
say('links', 'CIFAR-10 python version')
