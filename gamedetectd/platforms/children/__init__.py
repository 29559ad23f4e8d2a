"""Short-lived children of ours: one call that starts a module in a process of its own and holds it to its limits.

Whatever is heavy or reads what strangers wrote runs there: ``held.run(module, arguments, Limits(…))`` gives what it
printed, ``held.Child`` is for what talks while it works. The module has a ``main()``; ``entry`` is what calls it.
Whatever a child does, it has an end: time, processor time, memory and output are limited, its descriptors are its own,
it leads its own process group (a job object on Windows), and it goes when we go.
"""
