"""Tests here are coroutines; each runs in a loop of its own."""

from tests.serve.conftest import pytest_pyfunc_call

__all__ = ["pytest_pyfunc_call"]
