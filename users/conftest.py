import pytest

from .tests.frontend import Frontend


@pytest.fixture
def visitor(db):
    """A page without a session."""
    return Frontend()


@pytest.fixture
def ada(visitor):
    """A page whose user has just registered as ada."""
    visitor.register()
    return visitor
