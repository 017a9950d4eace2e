"""Makes checkpoints as PyTorch programs, timm, Lightning and Hugging Face leave them, has dla-train
evaluate each, and says which do not come to what a user would expect.

    checkpoint_kinds.py PROGRAM FOLDER [NAME ... | --each]

With --each there is also a file for each of the things that programs keep beside the weights.

Every case says what it must come to:
  same          status 0, and the same accuracy and loss as the plain file
  load          status 0
  warn PATTERN  as `same`, and standard error matches
  refuse PATTERN  status 2, and standard error matches
Patterns are regular expressions, in any case. Nothing that is printed may have a control character.
"""

import argparse
import collections
import concurrent.futures
import copy
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import gzip
import io
import json
import os
import pathlib
import pickle
import random
import re
import struct
import subprocess
import sys
import tarfile
import uuid
import warnings
import zipfile

import numpy
import torch
from torch import nn

warnings.simplefilter('ignore')

GRAPH = '''layers:
  - {name: "0", op: conv2d, src: input, out_channels: 8, kernel: 3, padding: 1}
  - {name: "1", op: batch_norm}
  - {name: "2", op: relu}
  - {name: "3", op: avg_pool, kernel: 32}
  - {name: "5", op: linear, out_features: classes}
'''


def make_net():
    return nn.Sequential(nn.Conv2d(3, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
                         nn.AvgPool2d(32), nn.Flatten(), nn.Linear(8, 10))


def train(net, optimizer):
    for _ in range(3):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(torch.randn(4, 3, 32, 32)), torch.tensor([1, 2, 3, 4]))
        loss.backward()
        optimizer.step()


torch.manual_seed(1)
net = make_net()
sgd = torch.optim.SGD(net.parameters(), lr=.1, momentum=.9, weight_decay=5e-4)
train(net, sgd)
weights = net.state_dict


class Own:
    def __init__(self):
        self.name, self.sizes = 'own', [1, 2, (3, {4})]


class OwnDict(dict):
    pass


class OwnList(list):
    pass


class Colour(enum.Enum):
    RED = 1


@dataclasses.dataclass
class Options:
    lr: float = .1


class Slots:
    __slots__ = ('a',)

    def __getstate__(self):
        return None, {'a': 1}

    def __setstate__(self, state):
        pass


class WithKeywords(tuple):
    def __new__(cls, *items, size=None):
        return tuple.__new__(cls, items)

    def __getnewargs_ex__(self):
        return tuple(self), {'size': 3}


Pair = collections.namedtuple('Pair', 'a b')
cases = []
momenta = {}  # of a case, what its parameters' must be


def case(name, expected, pattern='', key=''):
    cases.append((name, expected, pattern, key))


def save(name, what, expected='same', pattern='', key='', **how):
    torch.save(what, name, **how)
    case(name, expected, pattern, key)


def checkpoint(**more):
    return dict(dict(net=weights(), acc=55.5, epoch=3), **more)


def with_prefix(prefix):
    return {prefix + name: tensor for name, tensor in weights().items()}


def changed(**tensors):
    return dict(weights(), **tensors)


def floats(change):
    return {k: change(v) if v.is_floating_point() else v for k, v in weights().items()}


def things():
    """What programs keep beside the weights."""
    cycle = [1]
    cycle.append(cycle)
    return dict(
        namespace=argparse.Namespace(lr=.1, data=pathlib.Path('x')), np_float=numpy.float64(1.5),
        np_float32=numpy.float32(1.5), np_int=numpy.int64(7), np_bool=numpy.bool_(True),
        np_array=numpy.zeros((3, 3)), np_fortran=numpy.asfortranarray(numpy.ones((2, 3))),
        np_objects=numpy.array([{}, None], dtype=object), np_big=numpy.arange(3, dtype='>i4'),
        np_text=numpy.array(['a', 'bc']), np_empty=numpy.zeros((0, 3)),
        np_record=numpy.zeros(2, dtype=[('a', 'f4'), ('b', 'i4')]),
        np_random=numpy.random.RandomState(1).get_state(), np_dtype=numpy.dtype('f4'),
        np_rng=numpy.random.default_rng(1), np_masked=numpy.ma.array([1, 2], mask=[0, 1]),
        np_date=numpy.datetime64('2020-01-01'),
        big=2**64 + 5, small=-2**70, huge=10**400, very_huge=7**5000, minus=-1, edge=2**63 - 1,
        edge2=-2**63, true=True, none=None, real=-1e-300, nan=float('nan'), inf=float('inf'),
        device=torch.device('cuda', 1), dtype=torch.float16, size=torch.Size([1, 2]),
        layout=torch.strided, memory=torch.channels_last,
        default=collections.defaultdict(list, a=[1]), counter=collections.Counter('abc'),
        deque=collections.deque([1, 2], maxlen=5), ordered=collections.OrderedDict(a=1),
        a_set={1, 2}, frozen=frozenset({'a'}), path=pathlib.Path('/x/y'), complex_=1 + 2j,
        pure=pathlib.PurePosixPath('a'), windows=pathlib.PureWindowsPath('c:/x'),
        date=datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone.utc),
        delta=datetime.timedelta(3), decimal_=decimal.Decimal('1.5'),
        fraction=fractions.Fraction(1, 3), bytes_=b'\x00\xff' * 200, array_=bytearray(b'abc'),
        no_bytes=b'', range_=range(3), slice_=slice(1, 2), colour=Colour.RED, own=Own(),
        own_dict=OwnDict(a=1), own_list=OwnList([1]), options=Options(), slots=Slots(),
        keywords=WithKeywords(1, 2), pair=Pair(1, 2), partial=functools.partial(int, base=2),
        function=os.path.join, a_class=Own, exception=ValueError('x'), ident=uuid.UUID(int=7),
        pattern=re.compile('a+'), random_=random.Random(1).getstate(), rng=torch.get_rng_state(),
        rngs=[torch.get_rng_state()], cycle=cycle, text='ä€😀\n\\u0041\x1b[2J\x9b', long='x' * 70000,
        parameter=nn.Parameter(torch.zeros(2)), sparse=torch.eye(3).to_sparse(),
        cplx=torch.zeros(2, dtype=torch.complex64),
        quantised=torch.quantize_per_tensor(torch.zeros(2), 1., 0, torch.quint8),
        deep=functools.reduce(lambda inner, _: [inner], range(60), 1), loss=nn.CrossEntropyLoss(),
        many=list(range(30000)), history=[{'loss': i / 7, 'acc': numpy.float32(i)} for i in range(300)])


def can_be_saved(what, protocol):
    """Some things cannot be saved in the first protocols, or by this PyTorch."""
    try:
        torch.save(what, io.BytesIO(), pickle_protocol=protocol)
        torch.save(what, io.BytesIO(), pickle_protocol=protocol, _use_new_zipfile_serialization=False)
        return True
    except Exception:  # pylint: disable=broad-except
        return False


def beside():
    save('plain.pth', checkpoint())
    for protocol in range(1, 6):
        kept = {name: thing for name, thing in things().items() if can_be_saved(thing, protocol)}
        save(f'things_{protocol}.pth', checkpoint(**kept), pickle_protocol=protocol)
        save(f'legacy_{protocol}.pth', checkpoint(**kept), pickle_protocol=protocol,
             _use_new_zipfile_serialization=False)
    for name, thing in things().items():
        if '--each' in sys.argv and can_be_saved(thing, 2):
            save(f'thing_{name}.pth', checkpoint(thing=thing))
    save('scheduler.pth', checkpoint(
        scheduler=torch.optim.lr_scheduler.CosineAnnealingLR(sgd, 200).state_dict(),
        scaler={'scale': 65536., 'growth_tracker': 7}, best={'acc': 1}))
    save('scheduler_object.pth', checkpoint(scheduler=torch.optim.lr_scheduler.StepLR(sgd, 3)))
    save('extra_state.pth', checkpoint(net=dict(weights(), _extra_state={'a': Own()})))
    save('number_keys.pth', checkpoint(**{'x': {1: 2, None: 3, (1, 2): 4}}) | {7: 1, None: 2})
    for name, acc in dict(np64=numpy.float64(55), np32=numpy.float32(55), integer=55, boolean=True,
                          tensor=torch.tensor(55.5), one=torch.tensor([55.5]), zero=0,
                          matrix=torch.tensor([[55.5]]), half=torch.tensor(5.5).half(),
                          np_array=numpy.array([55.5]), big=numpy.array(55.5, dtype='>f8')).items():
        save(f'acc_{name}.pth', checkpoint(acc=acc))
    for name, acc in dict(none=None, text='n/a', nan=float('nan'), inf=float('inf'), minus=-1.,
                          much=2**80, several=torch.zeros(3), a_list=[55], own=Own(),
                          sparse=torch.eye(3).to_sparse(), digits='55.5').items():
        save(f'acc_{name}.pth', checkpoint(acc=acc), 'warn', 'acc')
    for name, epoch in dict(np=numpy.int64(3), real=3., tensor=torch.tensor(3), boolean=True,
                            one=torch.tensor([3])).items():
        save(f'epoch_{name}.pth', checkpoint(epoch=epoch))
    for name, epoch in dict(none=None, text='3rd', nan=float('nan'), minus=-3, much=2**90,
                            part=2.5, several=torch.zeros(2)).items():
        save(f'epoch_{name}.pth', checkpoint(epoch=epoch), 'warn', 'epoch')
    save('step_np.pth', checkpoint(step=numpy.int32(12)))
    save('step_none.pth', checkpoint(step=None), 'warn', 'step')


def places():
    save('itself.pth', weights())
    save('itself_dict.pth', dict(weights()))
    save('itself_own.pth', OwnDict(weights()))
    save('itself_default.pth', collections.defaultdict(list, weights()))
    for key in ('net', 'model', 'state_dict', 'model_state_dict', 'module', 'ema', 'weights',
                'my-model v2'):
        save(f'key_{key}.pth', {key: weights(), 'epoch': 3, 'lr': torch.tensor(.1)})
    save('nested.pth', {'generator': {'net': weights(), 'epoch': 3}, 'epoch': 3})
    two = {'model': weights(), 'ema': with_prefix('module.'), 'epoch': 3}
    save('two.pth', two, 'refuse', 'model.*ema.*checkpoint.in_key')
    save('two_model.pth', two, key='model')
    save('two_ema.pth', two, key='ema')
    save('two_unknown.pth', two, 'refuse', 'emma', key='emma')
    save('two_usual.pth', {'g': weights(), 'd': weights(), 'e': 1}, 'refuse', "'g'.*'d'|'d'.*'g'")
    save('one_twice.pth', (lambda w: {'model': w, 'ema': w})(weights()))
    save('critic.pth', {'model': weights(), 'criterion': {'weight': torch.zeros(10)}})
    save('deeper.pth', {'run': {'generator': {'net': weights()}}, 'epoch': 3})
    save('deeper_two.pth', {'run': {'g': {'net': weights()}, 'd': {'net': weights()}}}, 'refuse', "'g'.*'d'")
    save('swa.pth', {'model': weights(), 'swa_model': dict(with_prefix('module.'), n_averaged=torch.tensor(5)),
                     'epoch': 3}, 'warn', 'in_key=swa_model')
    save('swa_model.pth', {'model': weights(), 'swa_model': with_prefix('module.')}, key='swa_model')
    save('optimizer_alone.pth', sgd.state_dict(), 'refuse', "optimizer's state alone")
    save('one_tensor.pth', torch.zeros(3), 'refuse', 'a single tensor')
    save('arrays.pth', {k: v.numpy() for k, v in weights().items()}, 'refuse', 'numpy arrays.*from_numpy')
    save('arrays_within.pth', checkpoint(net={k: v.numpy() for k, v in weights().items()}), 'refuse',
         'numpy arrays')
    save('rng.pth', {'model': weights(), 'rng': {'torch': torch.get_rng_state()}})
    for prefix in ('module.', 'model.', 'net.', '_orig_mod.', 'module._orig_mod.', 'encoder.',
                   '_orig_mod.module.', 'model._orig_mod.', 'backbone.', 'module.module.',
                   'module.encoder.body.', 'student.model.', '_fsdp_wrapped_module.', 'model.module.'):
        save(f'prefix_{prefix}pth', checkpoint(net=with_prefix(prefix)))
    compiled = {name.replace('.', '._orig_mod.', 1): t for name, t in weights().items()}
    save('prefix_inside.pth', checkpoint(net=compiled))
    save('averaged.pth', dict(with_prefix('module.'), n_averaged=torch.tensor(5)))
    both = dict(with_prefix('model.'), **with_prefix('model_ema.'))
    save('both_prefixes.pth', {'state_dict': both}, 'refuse', r'model\b.*model_ema')
    save('both_model.pth', {'state_dict': both}, key='model')
    save('both_ema.pth', {'state_dict': both}, key='model_ema')
    save('lightning.ckpt', {
        'epoch': 3, 'global_step': 12, 'pytorch-lightning_version': '2.1.0',
        'state_dict': dict(with_prefix('model.'), **{'criterion.weight': torch.ones(10)}),
        'loops': {'fit_loop': {'state_dict': {}}}, 'callbacks': {'ModelCheckpoint{}': {
            'best_model_score': torch.tensor(.5), 'best_k_models': {}, 'dirpath': '/x'}},
        'optimizer_states': [sgd.state_dict()], 'lr_schedulers': [{'last_epoch': 3}],
        'hparams_name': 'kwargs', 'hyper_parameters': OwnDict(lr=.1), 'hparams_type': OwnDict},
        'warn', 'criterion')
    save('timm.pth.tar', {'epoch': 3, 'arch': 'dla34', 'state_dict': weights(), 'version': 2,
                          'optimizer': sgd.state_dict(), 'args': argparse.Namespace(lr=.1),
                          'amp_scaler': {'scale': 65536.}, 'metric': 55.5})
    save('timm_ema.pth.tar', {'epoch': 3, 'arch': 'dla34', 'state_dict': weights(),
                              'state_dict_ema': weights(), 'metric': 55.5}, 'refuse',
         'state_dict.*state_dict_ema')
    save('imagenet.pth.tar', {'epoch': 3, 'arch': 'dla', 'state_dict': with_prefix('module.'),
                              'best_acc1': torch.tensor(55.5), 'optimizer': sgd.state_dict(),
                              'scheduler': {'_last_lr': [.1]}})
    save('torchvision.pth', {'model': weights(), 'optimizer': sgd.state_dict(), 'epoch': 3,
                             'lr_scheduler': {}, 'args': argparse.Namespace(), 'model_ema': {}})
    save('fastai.pth', {'model': weights(), 'opt': {'state': [{}], 'hypers': [{'lr': .1}]}})
    save('mmcv.pth', {'meta': {'CLASSES': ('a',), 'time': 'x', 'hook': Own()},
                      'state_dict': with_prefix('backbone.'), 'optimizer': {}})
    save('ignite.pt', {'model': weights(), 'trainer': {'epoch_length': 1}, 'optimizer': None})
    save('pytorch_model.bin', weights())
    save('missing.pth', {k: v for k, v in weights().items() if k != '5.bias'}, 'refuse', r'5\.bias')
    save('missing_all.pth', {'conv.weight': torch.zeros(3)}, 'refuse', r'0\.weight')
    save('renamed.pth', {k.replace('5.', 'fc.'): v for k, v in weights().items()}, 'refuse',
         r'5\.weight.*fc\.')
    save('unexpected.pth', dict(weights(), **{'head.weight': torch.zeros(3)}), 'warn', 'head.weight')
    save('many_unexpected.pth', dict(weights(), **{f'x{i}': torch.zeros(1) for i in range(50)}),
         'warn', '50')
    save('wrong_shape.pth', changed(**{'5.weight': torch.zeros(100, 8)}), 'refuse',
         r'5\.weight.*100x8.*10x8')
    save('wrong_rank.pth', changed(**{'5.weight': torch.zeros(10, 8, 1)}), 'refuse',
         r'5\.weight.*10x8x1.*10x8')
    save('wrong_kind.pth', changed(**{'5.weight': torch.zeros(10, 8, dtype=torch.complex64)}), 'refuse',
         r'5\.weight')
    save('whole_numbers.pth', changed(**{'5.bias': torch.zeros(10, dtype=torch.int8)}), 'refuse', 'quantised')
    save('rank5.pth', changed(**{'5.weight': torch.zeros(10, 8, 1, 1, 1)}), 'refuse', r'5\.weight')
    save('no_counters.pth', {k: v for k, v in weights().items() if 'num_batches' not in k})
    save('nan.pth', changed(**{'0.weight': weights()['0.weight'] * float('nan')}), 'refuse',
         'nan|not finite|not a number')
    save('variance.pth', changed(**{'1.running_var': -weights()['1.running_var']}), 'refuse',
         'variance|negative|below zero')
    save('mask.pth', dict(weights(), mask=torch.full((3, 3), -float('inf'))), 'warn', 'mask')


def tensors():
    save('double.pth', checkpoint(net=floats(lambda t: t.double())))
    save('half.pth', checkpoint(net=floats(lambda t: t.half())), 'load')
    save('bfloat16.pth', checkpoint(net=floats(lambda t: t.bfloat16())), 'load')
    save('channels_last.pth', checkpoint(net=make_like(net).to(memory_format=torch.channels_last)
                                         .state_dict()))
    save('transposed.pth', checkpoint(net=changed(
        **{'5.weight': weights()['5.weight'].t().contiguous().t()})))
    save('expand.pth', checkpoint(net=changed(**{'1.bias': torch.tensor([.5]).expand(8)})), 'load')
    save('expand_all.pth', checkpoint(net=changed(
        **{'0.weight': torch.tensor(.01).expand(8, 3, 3, 3)})), 'load')
    flat = torch.cat([t.float().flatten() for t in weights().values()])
    views, at = {}, 0
    for name, tensor in weights().items():
        views[name] = flat[at:at + tensor.numel()].view(tensor.shape)
        at += tensor.numel()
    save('flat.pth', checkpoint(net=views))
    save('flat_legacy.pth', checkpoint(net=views), _use_new_zipfile_serialization=False)
    save('sliced.pth', checkpoint(net={k: torch.stack([v, v])[1] for k, v in weights().items()}))
    save('strided.pth', checkpoint(net={k: torch.stack([v, v], -1)[..., 1]
                                        for k, v in weights().items()}))
    save('parameters.pth', checkpoint(net=dict(net.named_parameters()) | dict(net.named_buffers())))
    save('keep_vars.pth', checkpoint(net=net.state_dict(keep_vars=True)))
    extra = dict(scalar=torch.tensor(1.), rank5=torch.zeros(1, 2, 1, 2, 1), empty=torch.zeros(0, 3),
                 cplx=torch.zeros(2, dtype=torch.complex64), sparse=torch.eye(3).to_sparse(),
                 csr=torch.eye(3).to_sparse_csr(), int8=torch.zeros(2, dtype=torch.int8),
                 quantised=torch.quantize_per_tensor(torch.zeros(2), 1., 0, torch.qint8),
                 boolean=torch.tensor([True]), meta=torch.zeros(2, device='meta'))
    for name, tensor in extra.items():
        save(f'extra_{name}.pth', checkpoint(net=dict(weights(), extra=tensor)), 'warn', 'extra')
    swap_bytes('plain.pth', 'big_endian.pth')
    tied = weights()['1.weight']
    save('tied.pth', checkpoint(net=dict(weights(), tied=tied)), 'warn', 'tied')


def make_like(other):
    copy = make_net()
    copy.load_state_dict(other.state_dict())
    return copy


def swap_bytes(source, target):
    """As torch.save writes on a big-endian machine: all storages here are of 4 or 8 bytes."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, 'w') as new:
        for name in old.namelist():
            data = old.read(name)
            if '/data/' in name:
                data = numpy.frombuffer(data, '<i8' if len(data) == 8 else '<i4').byteswap().tobytes()
            new.writestr(name, b'big' if name.endswith('byteorder') else data)
        if not any(name.endswith('byteorder') for name in old.namelist()):
            new.writestr(old.namelist()[0].split('/')[0] + '/byteorder', 'big')
    case(target, 'same')


def rewrite(target, name=lambda n: n, compress=zipfile.ZIP_STORED, comment=b'', more=(), expected='same',
            pattern=''):
    with zipfile.ZipFile('plain.pth') as old, zipfile.ZipFile(target, 'w', compress) as new:
        for extra in more:
            new.writestr(extra, b'' if extra.endswith('/') else b'\0\5\x16\7junk')
        for member in old.namelist():
            with new.open(zipfile.ZipInfo(name(member)) if compress == zipfile.ZIP_STORED else name(member),
                          'w', force_zip64='64' in target) as out:
                out.write(old.read(member))
        new.comment = comment
    case(target, expected, pattern)


def write(name, data, expected='refuse', pattern=''):
    with open(name, 'wb') as out:
        out.write(data)
    case(name, expected, pattern)


def containers():
    plain = open('plain.pth', 'rb').read()
    legacy = open('legacy_2.pth', 'rb').read()
    rewrite('folders.pth', more=('plain/', 'plain/data/'))
    rewrite('no_prefix.pth', name=lambda n: n.split('/', 1)[1])
    rewrite('deep_prefix.pth', name=lambda n: 'a/b/' + n)
    rewrite('deflated.pth', compress=zipfile.ZIP_DEFLATED)
    rewrite('zip64.pth')
    rewrite('comment.pth', comment=b'made by hand')
    rewrite('macos.pth', compress=zipfile.ZIP_DEFLATED,
            more=('__MACOSX/', '__MACOSX/plain/._data.pkl', 'plain/.DS_Store'))
    with zipfile.ZipFile('packed.zip', 'w', zipfile.ZIP_DEFLATED) as out:
        out.write('plain.pth')
    case('packed.zip', 'same|refuse', 'plain.pth')
    with zipfile.ZipFile('packed_two.zip', 'w', zipfile.ZIP_DEFLATED) as out:
        out.write('plain.pth')
        out.write('double.pth')
    case('packed_two.zip', 'refuse', r'zip')
    write('packed.pth.gz', gzip.compress(plain), 'same|refuse', 'gzip')
    write('packed_legacy.pth.gz', gzip.compress(legacy), 'same|refuse', 'gzip')
    with tarfile.open('packed.tar', 'w') as out:
        out.add('plain.pth')
    case('packed.tar', 'same|refuse', 'tar')
    html = b'<!DOCTYPE html><html><head><title>Virus scan warning</title></head></html>'
    write('html.pth', html, 'refuse', 'html|web page')
    write('html_bom.pth', b'\xef\xbb\xbf\r\n  ' + html.upper(), 'refuse', 'html|web page')
    write('html_plain.pth', b'<html>\n<body>Sign in</body></html>', 'refuse', 'html|web page')
    write('html.safetensors', html, 'refuse', 'html|web page')
    write('xml.pth', b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', 'refuse',
          'xml|server|error')
    lfs = b'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n'
    write('lfs.pth', lfs, 'refuse', 'lfs')
    write('lfs.safetensors', lfs, 'refuse', 'lfs')
    write('empty.pth', b'', 'refuse', 'empty')
    write('empty.safetensors', b'', 'refuse', 'empty')
    write('zeros.pth', bytes(5000), 'refuse', '')
    write('text.pth', b'Not Found\n' * 9, 'refuse', 'text "Not Found"')
    write('xml_bare.pth', b'<Error><Code>NoSuchKey</Code></Error>', 'refuse', 'server.*xml')
    write('onnx.onnx', b'\x08\x07\x12\x07pytorch\x1a\x051.13.' + bytes(99), 'refuse', 'onnx')
    write('lite.tflite', b'\x1c\0\0\0TFL3' + bytes(99), 'refuse', 'tensorflow lite')
    with zipfile.ZipFile('keras.keras', 'w') as out:
        out.writestr('model.weights.h5', 'x')
    case('keras.keras', 'refuse', 'keras')
    write('cut_end.pth', plain[:-22], 'refuse', 'cut short')
    write('as_text.pth', plain.replace(b'\n', b'\r\n'), 'refuse', 'binary')
    write('cut_start.pth', plain[:200], 'refuse', 'cut short')
    write('json.pth', b'{"error": "Not Found"}', 'refuse', 'json')
    write('hdf5.pth', b'\x89HDF\r\n\x1a\n' + bytes(100), 'refuse', 'hdf5|keras')
    write('cut.pth', plain[:len(plain) // 2], 'refuse', 'cut|short|end')
    write('cut_legacy.pth', legacy[:len(legacy) - 100], 'refuse', 'cut|short|end')
    write('cut_gz.pth.gz', gzip.compress(plain)[:-200], 'refuse', 'gzip|cut|short')
    write('pickled.pth', pickle.dumps({'a': 1}), 'refuse', 'pickle')
    write('pickled_arrays.pkl', pickle.dumps({k: v.numpy() for k, v in weights().items()}), 'same|refuse',
          'pickle')
    numpy.savez('arrays.npz', **{k: v.numpy() for k, v in weights().items()})
    case('arrays.npz', 'same|refuse', 'numpy|npz')
    save('whole_model.pth', net, 'refuse', 'state_dict')
    save('whole_legacy.pth', net, 'refuse', 'state_dict', _use_new_zipfile_serialization=False)
    save('whole_proto4.pth', net, 'refuse', 'state_dict', pickle_protocol=4)
    save('whole_inside.pth', {'model': net, 'epoch': 3}, 'refuse', 'state_dict')
    save('whole_parallel.pth', nn.DataParallel(net), 'refuse', 'state_dict')
    torch.jit.script(net).save('script.pt')
    case('script.pt', 'refuse', 'torchscript.*jit.load')
    save('a_list.pth', [weights()], 'refuse', 'list')
    save('a_tensor.pth', torch.zeros(3), 'refuse', 'tensor|dict')
    save('a_string.pth', 'hello', 'refuse', '')
    save('no_tensors.pth', {'epoch': 3, 'args': Own()}, 'refuse', '')
    os.mkdir('folder.pth')
    case('folder.pth', 'refuse', 'directory|folder')
    for name, file, pattern in (('hub', 'model.safetensors', 'give hub/model.safetensors'),
                                ('accelerate', 'pytorch_model.bin', 'give accelerate/pytorch_model.bin'),
                                ('unpacked', 'data.pkl', 'unpacked .pth.*zip'),
                                ('distributed', '.metadata', 'dcp_to_torch'),
                                ('saved_model', 'saved_model.pb', 'SavedModel')):
        os.mkdir(name)
        with open(f'{name}/{file}', 'wb') as out:
            out.write(b'x')
        case(name, 'refuse', pattern)


def save_momentum(name, optimizer, change=lambda state: state, key='optimizer'):
    """A checkpoint of which each parameter's momentum must come out under its name."""
    names = {id(p): n for n, p in net.named_parameters()}
    momenta[name] = {names[id(p)]: kept['momentum_buffer'].clone() for p, kept in optimizer.state.items()}
    save(name, checkpoint(**{key: change(copy.deepcopy(optimizer.state_dict()))}))


def with_names(state, *names):
    for group, of in zip(state['param_groups'], names):
        group['param_names'] = of
    return state


def several_groups():
    def grouped(*tests):
        groups = [[(n, p) for n, p in net.named_parameters() if test(n, p)] for test in tests]
        made = torch.optim.SGD([dict(params=[p for _, p in group], lr=.1 / (i + 1))
                                for i, group in enumerate(groups)], lr=.1, momentum=.9)
        train_with(made)
        return made, [[n for n, _ in group] for group in groups]
    by_rank = grouped(lambda n, p: p.ndim > 1, lambda n, p: p.ndim <= 1)
    in_order = grouped(lambda n, p: n[0] in '01', lambda n, p: n[0] == '5')
    head_first = grouped(lambda n, p: n[0] == '5', lambda n, p: n[0] != '5')
    norms = grouped(lambda n, p: n == '1.bias', lambda n, p: n != '1.bias')
    for name, (made, names) in dict(by_rank=by_rank, in_order=in_order, head_first=head_first).items():
        save_momentum(f'groups_{name}.pth', made)
        save_momentum(f'groups_{name}_named.pth', made, lambda state, n=names: with_names(state, *n))
    save_momentum('groups_norms_named.pth', norms[0], lambda state: with_names(state, *norms[1]))
    save('groups_norms.pth', checkpoint(optimizer=norms[0].state_dict()), 'warn', 'groups')
    for prefix in ('module.', '_orig_mod.', 'encoder.'):
        named = [[prefix + n for n in of] for of in norms[1]]
        save_momentum(f'groups_{prefix[:-1]}.pth', norms[0], lambda state, n=named: with_names(state, *n))
    save('groups_other_names.pth', checkpoint(optimizer=with_names(
        norms[0].state_dict(), *([n + 'x' for n in of] for of in norms[1]))), 'warn', '1.biasx')
    empty = torch.optim.SGD([dict(params=list(net.parameters())[:2]), dict(params=list(net.parameters())[2:])],
                            lr=.1, momentum=.9)
    save('groups_without_state.pth', checkpoint(optimizer=empty.state_dict()))


def one_group():
    state = sgd.state_dict()
    save_momentum('ids_reversed.pth', sgd, lambda s: dict(s, state=dict(reversed(list(s['state'].items())))))
    large = {k: 140512 * 10**9 + 64 * (k * 7 % 5) for k in state['state']}  # before 1.5: id(parameter)
    save_momentum('ids_of_objects.pth', sgd, lambda s: dict(
        state={large[k]: v for k, v in s['state'].items()},
        param_groups=[dict(s['param_groups'][0], params=[large[k] for k in s['param_groups'][0]['params']])]))
    for key in ('optimizer_state_dict', 'optim', 'opt'):
        save_momentum(f'under_{key}.pth', sgd, key=key)
    save_momentum('under_lightning.pth', sgd, lambda s: [s], key='optimizer_states')
    save('id_twice.pth', checkpoint(optimizer=dict(state, param_groups=[dict(
        state['param_groups'][0], params=[0, 0, 1, 2, 3])])), 'warn', 'twice')
    save('state_of_none.pth', checkpoint(optimizer=dict(state, state=dict(state['state'], **{'x': {}}))),
         'warn', 'no parameter')


def optimizers():
    several_groups()
    one_group()
    for name, rule in dict(adam=torch.optim.Adam, adamw=torch.optim.AdamW, rms=torch.optim.RMSprop,
                           adagrad=torch.optim.Adagrad).items():
        optimizer = rule(net.parameters(), lr=.001)
        train_with(optimizer)
        save(f'{name}.pth', checkpoint(optimizer=optimizer.state_dict()))
    plain_sgd = torch.optim.SGD(net.parameters(), lr=.1)
    train_with(plain_sgd)
    save('no_momentum.pth', checkpoint(optimizer=plain_sgd.state_dict()))
    state = sgd.state_dict()
    fewer = dict(state, state={k: v for k, v in state['state'].items() if k != 2})
    save('some_without.pth', checkpoint(optimizer=fewer))
    for name, lr in dict(np=numpy.float64(.1), tensor=torch.tensor(.1), none=None, text='1e-1').items():
        group = dict(state['param_groups'][0], lr=lr)
        save(f'lr_{name}.pth', checkpoint(optimizer=dict(state, param_groups=[group])))
    other = torch.optim.SGD(list(net.parameters())[:3], lr=.1, momentum=.9)
    save('fewer_parameters.pth', checkpoint(optimizer=other.state_dict()))
    save('other_shapes.pth', checkpoint(optimizer=dict(state, state={
        k: {'momentum_buffer': torch.zeros(1)} for k in state['state']})), 'warn', 'optimizer|momentum')
    save('wrapped.pth', checkpoint(optimizer={'base_optimizer': state, 'state': {}}))
    for name, value in dict(none=None, a_list=[state], an_object=sgd, text='sgd', empty={}).items():
        save(f'optimizer_{name}.pth', checkpoint(optimizer=value))


def train_with(optimizer):
    before = {k: v.clone() for k, v in weights().items()}
    train(net, optimizer)
    net.load_state_dict(before)


TYPES = {torch.float32: 'F32', torch.int64: 'I64', torch.float64: 'F64', torch.float16: 'F16',
         torch.bfloat16: 'BF16', torch.int8: 'I8', torch.bool: 'BOOL'}


def safetensors(name, tensors, meta=None, expected='same', pattern='', key='', raw=()):
    head, blob = {} if meta is None else {'__metadata__': meta}, b''
    for k, v in tensors.items():
        v = v.contiguous()
        b = v.view(torch.int16).numpy().tobytes() if v.dtype == torch.bfloat16 else v.numpy().tobytes()
        head[k] = dict(dtype=TYPES[v.dtype], shape=list(v.shape), data_offsets=[len(blob), len(blob) + len(b)])
        blob += b
    for k, dtype, shape, size in raw:
        head[k] = dict(dtype=dtype, shape=shape, data_offsets=[len(blob), len(blob) + size])
        blob += bytes(size)
    text = json.dumps(head).encode()
    text += b' ' * (-len(text) % 8)
    with open(name, 'wb') as out:
        out.write(struct.pack('<Q', len(text)) + text + blob)
    if expected:
        case(name, expected, pattern, key)


def hub():
    safetensors('hf_pt.safetensors', weights(), {'format': 'pt'})
    safetensors('hf_none.safetensors', weights())
    safetensors('hf_empty.safetensors', weights(), {})
    safetensors('ours.safetensors', with_prefix('model.'), {'format': 'pytorch'})
    safetensors('model_pt.safetensors', with_prefix('model.'), {'format': 'pt'})
    safetensors('encoder.safetensors', with_prefix('encoder.'), {'format': 'pt'})
    safetensors('parallel.safetensors', with_prefix('module.'), {'format': 'pt'})
    safetensors('other_format.safetensors', weights(), {'format': 'np', 'x': 'y'})
    safetensors('meta_config.safetensors', with_prefix('model.'),
                {'format': 'pytorch', 'config': '{"arch": "resnet"}'})
    safetensors('meta_all.safetensors', weights(), {
        'format': 'pt', 'config': 'x: [', 'environment': 'x', 'tuning': 'y', 'epoch': 'three',
        'step': 'x', 'seed': '-', 'best_accuracy': '55', 'epoch_loss': 'nan', 'lr': 'high'})
    safetensors('doubles.safetensors', floats(lambda t: t.double()), {'format': 'pt'})
    safetensors('halves.safetensors', floats(lambda t: t.half()), {'format': 'pt'}, 'load')
    safetensors('bfloats.safetensors', floats(lambda t: t.bfloat16()), {'format': 'pt'}, 'load')
    safetensors('extras.safetensors', dict(weights(), rank5=torch.zeros(1, 1, 2, 1, 1)), {'format': 'pt'},
                'warn', 'left out', raw=[('f8', 'F8_E4M3', [3], 3), ('f8b', 'F8_E5M2', [3], 3),
                                      ('u', 'U64', [1], 8), ('c', 'C64', [2], 16)])
    names = list(weights())
    for part, chosen in enumerate((names[:3], names[3:]), 1):
        safetensors(f'model-0000{part}-of-00002.safetensors', {k: weights()[k] for k in chosen},
                    {'format': 'pt'}, '')
    index = {k: f'model-0000{1 + (names.index(k) > 2)}-of-00002.safetensors' for k in names}

    def write_index(name, entries, expected, pattern=''):
        write(name, json.dumps({'metadata': {'total_size': 1}, 'weight_map': entries}).encode(), expected,
              pattern)
    write_index('model.safetensors.index.json', index, 'same')
    write_index('lost.safetensors.index.json', dict(index, **{'5.bias': 'model-9.safetensors'}), 'refuse',
                'model-9.safetensors')
    write_index('wrong.safetensors.index.json', dict(index, zz='model-00001-of-00002.safetensors'), 'refuse',
                'zz')
    write_index('outside.safetensors.index.json', dict(index, **{'5.bias': '../../etc/passwd'}), 'refuse',
                'passwd')
    good = open('hf_pt.safetensors', 'rb').read()
    safetensors('meta_numbers.safetensors', weights(), {'epoch': 3, 'x': {'y': 1}, 'z': [1]})
    for part, chosen in enumerate((names[:3], names[3:]), 1):
        torch.save({k: weights()[k] for k in chosen}, f'pytorch_model-0000{part}-of-00002.bin')
    write_index('pytorch_model.bin.index.json', {k: v.replace('model', 'pytorch_model').replace(
        'safetensors', 'bin') for k, v in index.items()}, 'same')
    write('behind.safetensors', good + b'x', 'refuse', '')
    write('cut.safetensors', good[:-8], 'refuse', '')
    write('cut_head.safetensors', good[:50], 'refuse', '')
    safetensors('overlap.safetensors', weights(), None, '')
    write('no_tensors.safetensors', struct.pack('<Q', 2) + b'{}', 'refuse', r'0\.weight|no tensor')
    safetensors('bad_type.safetensors', weights(), None, 'refuse', "'q'", raw=[('q', 'Q7', [2], 2)])


def control_characters():
    bad = 'x\x1b[31m\x9b31m\x07\u0085y'
    save('control_beside.pth', checkpoint(**{bad: Own(), 'y': {bad: 1}, 'z': bad}))
    save('control_net.pth', checkpoint(net=dict(weights(), **{bad: 3})))
    save('control_name.pth', checkpoint(net=dict(weights(), **{bad: torch.zeros(2)})), 'warn|refuse', '')
    save('control_acc.pth', checkpoint(acc=bad), 'warn', 'acc')
    save('control_key.pth', {bad: weights(), bad + '2': weights()}, 'refuse', '')
    safetensors('control.safetensors', dict(weights(), **{bad: torch.zeros(1)}), {'format': bad, bad: bad},
                'warn|refuse', '')


def hostile():
    """Small files that ask for much: each must be done with in a moment."""
    def text(data):
        return b'X' + struct.pack('<I', len(data)) + data

    def add(name, program, pattern=''):
        with zipfile.ZipFile(name, 'w') as out:
            out.writestr('a/data.pkl', program)
        case(name, 'refuse', pattern)

    many = range(100000)
    shared = b'}(' + b''.join(text(b'%d' % i) + b'N' for i in many) + b'uq\1'
    add('hostile_scan.pth', b'\x80\2}(' + text(b'net') + shared +
        b''.join(text(b'%d' % i) + b'h\1' for i in many) + b'u.', 'without tensors')
    add('hostile_deep.pth', b'\x80\2' + b']' * 300000 + b'a' * 299999 + b'.', 'list')
    add('hostile_calls.pth', b'\x80\2cos\nsystem\n' + b')R' * 300000 + b'.', 'object')
    add('hostile_build.pth', b'\x80\2cos\nsystem\n)R' + b'}b' * 300000 + b'.', 'os.system')
    add('hostile_length.pth', b'\x80\4\x8e' + struct.pack('<Q', 1 << 40) + b'x.', 'short|end')
    add('hostile_memo.pth', b'\x80\2N' + b'r\xff\xff\xff\x7f' + b'.', 'memo')


def dataset(folder):
    os.makedirs(folder)
    noise = random.Random(3)
    for name in [f'data_batch_{i}.bin' for i in range(1, 6)] + ['test_batch.bin']:
        with open(os.path.join(folder, name), 'wb') as out:
            for _ in range(8):
                out.write(bytes([noise.randrange(10)]) + noise.randbytes(3072))


CONTROL = re.compile('[\x00-\x09\x0b-\x1f\x7f-\x9f]')


def run(program, *arguments):
    done = subprocess.run([program, *arguments], capture_output=True, timeout=120, check=False,
                          stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout.decode(errors='replace'), done.stderr.decode(errors='replace')


def evaluate(program, name, key):
    return run(program, 'eval', '--json', 'model.graph=graph.yaml', 'dataset.path=data',
               'train.threads=1', f'checkpoint.in={name}', *([f'checkpoint.in_key={key}'] if key else []))


def fault(expected, pattern, plain, status, out, err):
    """None, or what is wrong with how one case came out."""
    if CONTROL.search(out + err):
        return 'a control character'
    if re.search('damaged|fetch', err, re.I):
        return 'says damaged, or fetch'
    faults = []
    for one in expected.split('|'):
        if one == 'refuse':
            good = status == 2 and re.search(pattern, err, re.I) and len(err.splitlines()) <= 3
        else:
            good = status == 0 and (one == 'load' or out == plain) and (
                one != 'warn' or re.search(pattern, err, re.I))
        if good:
            return None
        faults.append(one)
    return f'should be {" or ".join(faults)} {pattern}, but status {status}'


def momentum_fault(program, name):
    """None, or what is wrong with the momentum that a conversion finds."""
    made = name + '.made.safetensors'
    status, _, err = run(program, 'convert', name, made)
    if status or 'optimizer' in err:
        return f'convert ends with {status} {err!r}'
    with open(made, 'rb') as file:
        head = json.loads(file.read(struct.unpack('<Q', file.read(8))[0]))
        blob = file.read()
    found = {k[len('optimizer.momentum.'):]: numpy.frombuffer(blob[slice(*v['data_offsets'])], '<f4')
             for k, v in head.items() if k.startswith('optimizer.momentum.')}
    wrong = [k for k, v in momenta[name].items()
             if k not in found or not numpy.array_equal(found[k], v.flatten().numpy())]
    return f'the momentum of {wrong} is another' if wrong or len(found) != len(momenta[name]) else None


def look_at(program, plain, one):
    """None, or a line about the case."""
    name, expected, pattern, key = one
    status, out, err = evaluate(program, name, key)
    wrong = fault(expected, pattern, plain, status, out, err)
    if not wrong and name in momenta:
        wrong = momentum_fault(program, name)
    if not wrong and ('control' in name or 'things' in name):
        shown = run(program, 'inspect', name)
        if shown[0] not in (0, 2) or CONTROL.search(shown[1] + shown[2]):
            wrong = f'inspect ends with {shown[0]}, or shows a control character'
    return f'{name}: {wrong}\n  {err.strip()!r}' if wrong else None


def main():
    program, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
    only = [name for name in sys.argv[3:] if name != '--each']
    os.makedirs(folder)
    os.chdir(folder)
    dataset('data')
    with open('graph.yaml', 'w', encoding='utf-8') as out:
        out.write(GRAPH)
    for make in (beside, places, tensors, containers, optimizers, hub, control_characters, hostile):
        make()
    plain = evaluate(program, 'plain.pth', '')[1]
    chosen = [one for one in cases if not only or one[0] in only]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = [line for line in pool.map(lambda one: look_at(program, plain, one), chosen) if line]
    print(*found, f'{len(chosen)} checkpoints, {len(found)} of them wrong', sep='\n')
    return bool(found)


if __name__ == '__main__':
    sys.exit(main())
