"""SimpleDLA in PyTorch: the network that dla-train's is compared with."""
import torch
from torch import nn
from torch.nn import functional as F


def conv_bn(cin, cout, kernel, stride=1):
    return (nn.Conv2d(cin, cout, kernel, stride, (kernel - 1) // 2, bias=False),
            nn.BatchNorm2d(cout))


class Block(nn.Module):
    def __init__(self, cin, cout, stride):
        super().__init__()
        self.conv1, self.bn1 = conv_bn(cin, cout, 3, stride)
        self.conv2, self.bn2 = conv_bn(cout, cout, 3)
        self.shortcut = nn.Sequential(
            *(conv_bn(cin, cout, 1, stride) if stride != 1 or cin != cout else ()))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.shortcut(x))


class Root(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.conv, self.bn = conv_bn(cin, cout, 1)

    def forward(self, left, right):
        return F.relu(self.bn(self.conv(torch.cat((left, right), 1))))


class Tree(nn.Module):
    def __init__(self, cin, cout, level, stride):
        super().__init__()
        self.root = Root(2 * cout, cout)
        if level == 1:
            self.left_tree, self.right_tree = Block(cin, cout, stride), Block(cout, cout, 1)
        else:
            self.left_tree = Tree(cin, cout, level - 1, stride)
            self.right_tree = Tree(cout, cout, level - 1, 1)

    def forward(self, x):
        left = self.left_tree(x)
        return self.root(left, self.right_tree(left))


class SimpleDLA(nn.Module):
    def __init__(self):
        super().__init__()
        self.base = nn.Sequential(*conv_bn(3, 16, 3), nn.ReLU())
        self.layer1 = nn.Sequential(*conv_bn(16, 16, 3), nn.ReLU())
        self.layer2 = nn.Sequential(*conv_bn(16, 32, 3), nn.ReLU())
        self.layer3 = Tree(32, 64, 1, 1)
        self.layer4 = Tree(64, 128, 2, 2)
        self.layer5 = Tree(128, 256, 2, 2)
        self.layer6 = Tree(256, 512, 1, 2)
        self.linear = nn.Linear(512, 10)

    def forward(self, x):
        for layer in (self.base, self.layer1, self.layer2, self.layer3, self.layer4, self.layer5,
                      self.layer6):
            x = layer(x)
        return self.linear(torch.flatten(F.avg_pool2d(x, 4), 1))
