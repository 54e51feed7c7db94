"""Tests here may be coroutines; each runs in a loop of its own."""

from __future__ import annotations

import asyncio
import inspect

import pytest

from tests.support.patience import PATIENCE

LONGEST = 3 * PATIENCE
"""Seconds for a whole test: more than for anything that it waits for, which says better what is missing."""


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a coroutine test, within bounds."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = pyfuncitem._fixtureinfo.argnames
    arguments = {name: pyfuncitem.funcargs[name] for name in wanted}

    async def bounded() -> None:
        async with asyncio.timeout(LONGEST):
            await pyfuncitem.obj(**arguments)

    asyncio.run(bounded())
    return True
