"""What the operating system says of a file or an address, in Chinese."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from typing import Final


def in_chinese(error: OSError) -> str:
    """Why it was refused; as the system says it where that is rare."""
    return _WORDS.get(error.errno or 0) or error.strerror or str(error)


_WORDS: Final[Mapping[int, str]] = {
    errno.EACCES: "没有权限",
    errno.EADDRINUSE: "地址已被占用",
    errno.EADDRNOTAVAIL: "这台机器没有这个地址",
    errno.EDQUOT: "超出了磁盘配额",
    errno.EEXIST: "已经有了",
    errno.EFBIG: "文件太大",
    errno.EINVAL: "不能这样写",
    errno.EIO: "磁盘读写出错",
    errno.EISDIR: "这是文件夹",
    errno.ELOOP: "链接绕成了圈",
    errno.EMFILE: "打开的文件太多",
    errno.ENAMETOOLONG: "名字太长",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.ENOSPC: "磁盘满了",
    errno.ENOTDIR: "路径中间有一段不是文件夹",
    errno.EPERM: "不允许",
    errno.EROFS: "磁盘是只读的",
}
