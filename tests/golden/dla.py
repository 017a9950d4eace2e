"""The networks of "Deep Layer Aggregation" in PyTorch, which dla-train's are compared with: pytorch-cifar's two,
and the family for ImageNet with the names of timm's and the authors' parameters."""
import torch
from torch import nn
from torch.nn import functional as F

from simple_dla import Block, SimpleDLA, conv_bn


class JoinAll(nn.Module):
    """A root: what it joins, 1x1 convolution, batch norm; perhaps a shortcut of the first; ReLU."""

    def __init__(self, cin, cout, shortcut=False):
        super().__init__()
        self.conv, self.bn = conv_bn(cin, cout, 1)
        self.shortcut = shortcut

    def forward(self, children):
        x = self.bn(self.conv(torch.cat(children, 1)))
        return F.relu(x + children[0] if self.shortcut else x)


class CifarTree(nn.Module):
    def __init__(self, cin, cout, level, stride):
        super().__init__()
        self.level = level
        self.root = JoinAll((2 if level == 1 else level + 2) * cout, cout)
        for i in range(level - 1, 0, -1):
            setattr(self, f"level_{i}", CifarTree(cin, cout, i, stride))
        if level > 1:
            self.prev_root = Block(cin, cout, stride)
        self.left_node = Block(cin if level == 1 else cout, cout, stride if level == 1 else 1)
        self.right_node = Block(cout, cout, 1)

    def forward(self, x):
        children = [self.prev_root(x)] if self.level > 1 else []
        parts = [getattr(self, f"level_{i}") for i in range(self.level - 1, 0, -1)]
        for part in parts + [self.left_node, self.right_node]:
            x = part(x)
            children.append(x)
        return self.root(children)


class DLA(SimpleDLA):
    def __init__(self):
        super().__init__()
        for name, args in {"layer3": (32, 64, 1, 1), "layer4": (64, 128, 2, 2),
                           "layer5": (128, 256, 2, 2), "layer6": (256, 512, 1, 2)}.items():
            setattr(self, name, CifarTree(*args))

    def forward(self, x):
        for layer in (self.base, self.layer1, self.layer2, self.layer3, self.layer4, self.layer5, self.layer6):
            x = layer(x)
        return self.linear(x.mean((2, 3)))


class FastStage(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.root = nn.Module()
        self.root.conv, self.root.norm = conv_bn(2 * cout, cout, 1)
        self.conv1, self.norm1 = conv_bn(cin, cout, 3)
        self.conv2, self.norm2 = conv_bn(cout, cout, 3)
        self.conv3, self.norm3 = conv_bn(cout, cout, 3)

    def forward(self, x):
        x = F.relu(self.norm1(F.max_pool2d(self.conv1(x), 2)))
        y = self.norm3(self.conv3(F.relu(self.norm2(self.conv2(x)))))
        return F.relu(self.root.norm(self.root.conv(torch.cat((F.relu(y + x), x), 1))))


class FastDLA(nn.Module):
    """dla-train's own; whitened from the images, which random weights stand for here."""

    def __init__(self, classes=10):
        super().__init__()
        self.whiten = nn.Conv2d(3, 24, 2)
        self.stage1, self.stage2, self.stage3 = FastStage(24, 64), FastStage(64, 256), FastStage(256, 256)
        self.linear = nn.Linear(256, classes, bias=False)

    def forward(self, x):
        return self.linear(self.stage3(self.stage2(self.stage1(F.relu(self.whiten(x))))).amax((2, 3)))


class Basic(nn.Module):
    def __init__(self, cin, cout, stride, **_):
        super().__init__()
        self.conv1, self.bn1 = conv_bn(cin, cout, 3, stride)
        self.conv2, self.bn2 = conv_bn(cout, cout, 3)

    def forward(self, x, shortcut):
        return F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))) + shortcut)


class Bottleneck(nn.Module):
    def __init__(self, cin, cout, stride, cardinality, base_width):
        super().__init__()
        inner = cout * base_width // 64 * cardinality // 2
        self.conv1, self.bn1 = conv_bn(cin, inner, 1)
        self.conv2 = nn.Conv2d(inner, inner, 3, stride, 1, groups=cardinality, bias=False)
        self.bn2 = nn.BatchNorm2d(inner)
        self.conv3, self.bn3 = conv_bn(inner, cout, 1)

    def forward(self, x, shortcut):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.relu(self.bn2(self.conv2(x)))
        return F.relu(self.bn3(self.conv3(x)) + shortcut)


class Tree(nn.Module):
    """Of depth 1: two blocks and a root, which also joins what is handed down. Deeper: two trees."""

    def __init__(self, depth, block, cin, cout, stride, handed, shortcut, **kwargs):
        super().__init__()
        self.depth, self.stride, self.project = depth, stride, nn.Sequential()
        if depth == 1:
            if cin != cout:
                self.project = nn.Sequential(*conv_bn(cin, cout, 1))
            self.tree1 = block(cin, cout, stride, **kwargs)
            self.tree2 = block(cout, cout, 1, **kwargs)
            self.root = JoinAll(2 * cout + handed, cout, shortcut)
        else:
            self.tree1 = Tree(depth - 1, block, cin, cout, stride, 0, shortcut, **kwargs)
            self.tree2 = Tree(depth - 1, block, cout, cout, 1, handed + cout, shortcut, **kwargs)

    def forward(self, x, handed):
        if self.depth > 1:
            first = self.tree1(x, [])
            return self.tree2(first, handed + [first])
        small = F.max_pool2d(x, self.stride) if self.stride > 1 else x
        first = self.tree1(x, self.project(small))
        second = self.tree2(first, first)
        return self.root([second, first] + handed)


class ImageNet(nn.Module):
    def __init__(self, depths, channels, block, shortcut=False, classes=1000, **kwargs):
        super().__init__()
        c = channels
        self.base_layer = nn.Sequential(*conv_bn(3, c[0], 7), nn.ReLU())
        for level, cin in enumerate([c[0]] + c[:2]):
            if level == 2:
                break
            parts = []
            for i in range(depths[level]):
                parts += [*conv_bn(cin if i == 0 else c[level], c[level], 3, 2 if level and i == 0 else 1), nn.ReLU()]
            setattr(self, f"level{level}", nn.Sequential(*parts))
        for level in range(2, 6):
            setattr(self, f"level{level}", Tree(depths[level], block, c[level - 1], c[level], 2,
                                                c[level - 1] if level > 2 else 0, shortcut, **kwargs))
        self.fc = nn.Conv2d(c[5], classes, 1)

    def forward(self, x):
        x = self.level1(self.level0(self.base_layer(x)))
        for level in range(2, 6):
            x = getattr(self, f"level{level}")(x, [F.max_pool2d(x, 2)] if level > 2 else [])
        return self.fc(x.mean((2, 3), keepdim=True)).flatten(1)


NARROW, MIDDLE = [16, 32, 64, 64, 128, 256], [16, 32, 64, 128, 256, 512]
WIDE = [16, 32, 128, 256, 512, 1024]
PLAIN, X, X2 = (dict(cardinality=n, base_width=w) for n, w in ((1, 64), (32, 4), (64, 4)))
FAMILY = {
    "dla34": lambda **k: ImageNet([1, 1, 1, 2, 2, 1], MIDDLE, Basic, **k),
    "dla46_c": lambda **k: ImageNet([1, 1, 1, 2, 2, 1], NARROW, Bottleneck, **PLAIN, **k),
    "dla46x_c": lambda **k: ImageNet([1, 1, 1, 2, 2, 1], NARROW, Bottleneck, **X, **k),
    "dla60": lambda **k: ImageNet([1, 1, 1, 2, 3, 1], WIDE, Bottleneck, **PLAIN, **k),
    "dla60x": lambda **k: ImageNet([1, 1, 1, 2, 3, 1], WIDE, Bottleneck, **X, **k),
    "dla60x_c": lambda **k: ImageNet([1, 1, 1, 2, 3, 1], NARROW, Bottleneck, **X, **k),
    "dla102": lambda **k: ImageNet([1, 1, 1, 3, 4, 1], WIDE, Bottleneck, True, **PLAIN, **k),
    "dla102x": lambda **k: ImageNet([1, 1, 1, 3, 4, 1], WIDE, Bottleneck, True, **X, **k),
    "dla102x2": lambda **k: ImageNet([1, 1, 1, 3, 4, 1], WIDE, Bottleneck, True, **X2, **k),
    "dla169": lambda **k: ImageNet([1, 1, 2, 3, 5, 1], WIDE, Bottleneck, True, **PLAIN, **k),
}
