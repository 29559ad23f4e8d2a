"""In place of the one that collects every backend, GTK and Qt with them: ``contents.HIDDEN`` names those we load."""
