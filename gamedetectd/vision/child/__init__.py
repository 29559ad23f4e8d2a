"""What runs in the child process alone: the only place where numpy and onnxruntime are imported."""
