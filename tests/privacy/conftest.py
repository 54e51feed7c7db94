"""Coroutines, as in tests/serve."""

from tests.serve.conftest import pytest_pyfunc_call

__all__ = ["pytest_pyfunc_call"]
