"""Runs in the Windows Python: a message to a window of another process, as Windows itself sends it.

``windows_message.py CLASS MESSAGE WPARAM LPARAM`` waits for the answer and prints it with the seconds it took.
"""

import ctypes
import sys
import time
from ctypes import wintypes

user32 = ctypes.WinDLL("user32", use_last_error=True)
user32.FindWindowW.restype = wintypes.HWND
user32.SendMessageW.argtypes = [wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM]
user32.SendMessageW.restype = ctypes.c_ssize_t

window = user32.FindWindowW(sys.argv[1], None)
if not window:
    sys.exit("there is no such window")
begun = time.monotonic()
for message, wparam, lparam in zip(*[(int(number, 0) for number in sys.argv[2:])] * 3, strict=True):
    answer = user32.SendMessageW(window, message, wparam, ctypes.c_ssize_t(lparam).value)
    print(answer, time.monotonic() - begun, flush=True)
