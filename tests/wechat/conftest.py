"""Wechaty needs telnetlib, which Python 3.13 does not have: nothing here can run there."""

import sys

collect_ignore_glob = ["test_*.py"] if sys.version_info >= (3, 13) else []
