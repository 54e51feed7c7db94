"""Rings for background work: RQ on a Redis of our own or of the operator's. It carries nothing that may be lost.

RQ reads the prefix of its keys once, when it is imported. Ours is in braces: on a Redis Cluster all keys lie in one
slot, on one node, and RQ's transactions over several keys hold. Set RQ_KEY_PREFIX to let two homes share a database.
"""

from __future__ import annotations

import os

os.environ.setdefault("RQ_KEY_PREFIX", "{yaji}")
