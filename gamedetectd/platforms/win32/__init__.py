"""What of Windows' own libraries is used: one file a DLL, with the types and the errors of its functions.

Facts: https://learn.microsoft.com/windows/win32/api, under the name of each function. Every file can be imported on
every system; its functions are there on Windows alone.
"""
