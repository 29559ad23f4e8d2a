"""Makes ``models/features.onnx``: the network that ``tune.py`` trained, quantised to eight bits.

    python packaging/models/export.py all.pt --frames DIRECTORY… [--to FILE.onnx]

Static quantisation, QDQ, per channel, with ``reduce_range``: seven-bit weights cannot overflow the sixteen-bit sums of
processors without VNNI, so all of them decide alike. Calibrated on frames of the training families only.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from frames import Frame, learned, read_all
from network import SIDE, averaged
from onnx import helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
from gamedetectd.vision.child.files import read  # noqa: E402
from gamedetectd.vision.child.picture import shrunk  # noqa: E402

CALIBRATED_ON = 200
"""Frames that the ranges of activations are taken from."""
IN_FLOAT = 5
"""Convolutions at the start that are not quantised: there a step of eight bits is seen in everything behind it. With
them the embedding's cosine to the one in float is 0.92, without them 0.99, at the same time and size."""


class Calibration(CalibrationDataReader):  # type: ignore[misc]
    """Hands out frames, one after another."""

    def __init__(self, frames: list[Frame]) -> None:
        self._pictures = (shrunk(read(frame.path)) for frame in frames)

    def get_next(self) -> dict[str, np.ndarray] | None:
        picture = next(self._pictures, None)
        return None if picture is None else {"picture": picture[None]}


def with_padding_folded(model: onnx.ModelProto) -> onnx.ModelProto:
    """Each Pad of zeros becomes a part of the convolution behind it, which it would keep from eight bits."""
    graph = model.graph
    constants = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    pads = {node.output[0]: node for node in graph.node if node.op_type == "Pad"}
    for node in graph.node:
        if node.op_type == "Conv" and node.input[0] in pads:
            pad = pads[node.input[0]]
            top, left, bottom, right = (int(constants[pad.input[1]][place]) for place in (2, 3, 6, 7))
            node.input[0] = pad.input[0]
            kept = [one for one in node.attribute if one.name != "pads"]
            del node.attribute[:]
            node.attribute.extend([*kept, helper.make_attribute("pads", [top, left, bottom, right])])
    for pad in pads.values():
        graph.node.remove(pad)
    return model


def spread(frames: list[Frame], count: int) -> Iterator[Frame]:
    """``count`` of them, evenly over the list."""
    for number in range(min(count, len(frames))):
        yield frames[number * len(frames) // min(count, len(frames))]


def main() -> None:
    """Export, quantise, write."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("trained", type=Path)
    ask.add_argument("--frames", type=Path, nargs="+", required=True)
    ask.add_argument("--to", type=Path, default=ROOT / "models" / "features.onnx")
    chosen = ask.parse_args()
    network = averaged(torch.load(chosen.trained, weights_only=True))
    frames = list(spread(learned(read_all(chosen.frames)), CALIBRATED_ON))
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        picture = torch.zeros((1, SIDE, SIDE, 3), dtype=torch.uint8)
        torch.onnx.export(
            network, (picture,), str(place / "float.onnx"), input_names=["picture"],
            output_names=["embedding", "game"], opset_version=17, dynamo=False,
        )  # fmt: skip
        quant_pre_process(str(place / "float.onnx"), str(place / "ready.onnx"), skip_symbolic_shape=True)
        onnx.save(with_padding_folded(onnx.load(str(place / "ready.onnx"))), str(place / "ready.onnx"))
        first = [node.name for node in onnx.load(str(place / "ready.onnx")).graph.node if node.op_type == "Conv"][
            :IN_FLOAT
        ]
        quantize_static(
            str(place / "ready.onnx"), str(place / "small.onnx"), Calibration(frames), quant_format=QuantFormat.QDQ,
            per_channel=True, reduce_range=True, activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax, nodes_to_exclude=first,
            op_types_to_quantize=["Conv", "Add", "Clip"],
            extra_options={"CalibMovingAverage": True, "CalibMovingAverageConstant": 0.02},
        )  # fmt: skip
        model = onnx.load(str(place / "small.onnx"))
        model.doc_string = "EfficientNet-Lite0 features, int8; see models/README.md"
        onnx.save(model, str(chosen.to))
    print(f"{chosen.to}: {chosen.to.stat().st_size / 1e6:.2f} MB, calibrated on {len(frames)} frames")


if __name__ == "__main__":
    main()
