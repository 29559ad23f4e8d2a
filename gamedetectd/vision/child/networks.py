"""Networks as they are run here: one thread and no arena, since memory is worth more than a millisecond."""

from __future__ import annotations

from typing import Any

from gamedetectd.errors import ModelDamagedError


def opened(model: bytes | str, name: str, remedy: str) -> Any:
    """An onnxruntime session of a file's content or path. Raises ModelDamagedError, which says ``name``."""
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as native

    unusable = (
        native.Fail,
        native.InvalidGraph,
        native.InvalidProtobuf,
        native.NoSuchFile,
        native.NotImplemented,
        native.RuntimeException,
    )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except (RuntimeError, ValueError, *unusable) as error:
        raise ModelDamagedError(f"{name} cannot be loaded: {str(error)[:200]}", remedy) from error
