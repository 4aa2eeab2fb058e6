import pytest

from .tests.frontend import Frontend


@pytest.fixture
def visitor(db):
    """A frontend without a session."""
    return Frontend()


@pytest.fixture
def ada(visitor):
    """A frontend whose user has just registered as ada."""
    visitor.register()
    return visitor
