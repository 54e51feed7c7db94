"""Wechaty needs telnetlib, which Python 3.13 does not have: nothing here can run there."""

import sys

if sys.version_info >= (3, 13):
    collect_ignore_glob = ["test_*.py"]
else:
    from tests.wechat.stage import kept, kind

    __all__ = ["kept", "kind"]
