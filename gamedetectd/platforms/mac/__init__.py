"""What macOS offers, one file per framework of Apple's. Nothing is loaded before it is asked for, so that every file
can be imported, and what is made of recorded answers be tested, on every system.
"""
