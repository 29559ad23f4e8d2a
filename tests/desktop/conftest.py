"""A person at the desktop, and windows of every kind, as fixtures."""

import pytest
from real_windows import Desk


@pytest.fixture
def desk(x_server):
    """A client of ``x_server`` in this very process that opens windows and asks the manager for things."""
    desk = Desk(x_server.name)
    yield desk
    desk.close()
