"""Who may write: tokens, and the origins whose pages may send them."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from vetgraph.errors import Text, UsageError
from vetgraph.web.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

_SHORTEST: Final = 16


@dataclass
class Tokens:
    """The tokens that allow writing, from a file that is read again when it changes, so that they can be rotated.

    Attributes:
        file: A text file with one token a line; what follows ``#`` is a comment.
    """

    file: Path | None = None
    _read: tuple[int, int] = (0, 0)
    _tokens: tuple[bytes, ...] = field(default=(), repr=False)

    def current(self) -> tuple[bytes, ...]:
        """Return the tokens that are valid now.

        Raises:
            UsageError: The file cannot be read, or a token is too short.
        """
        if self.file is None:
            return ()
        try:
            stat = self.file.stat()
            if (stat.st_mtime_ns, stat.st_ino) != self._read:
                self._tokens = _parsed(self.file)
                self._read = (stat.st_mtime_ns, stat.st_ino)
        except OSError as error:
            raise UsageError(
                Text(f"读不到令牌文件 {self.file}：{error.strerror}", f"cannot read {self.file}: {error.strerror}"),
                Text("检查 --tokens", "check --tokens"),
            ) from None
        return self._tokens

    def require(self, authorization: str) -> None:
        """Let a request pass that carries a token.

        Args:
            authorization: Its Authorization header.

        Raises:
            Refusal: 401 without a valid token; 403 where writing is off.
        """
        try:
            tokens = self.current()
        except UsageError:
            tokens = ()  # a file that is being replaced allows nothing
        if not tokens:
            raise Refusal(
                403,
                Text("这里只读", "this service is read-only"),
                Text("运行者用 --tokens 开启写入", "the operator turns writing on with --tokens"),
            )
        scheme, _, given = authorization.partition(" ")
        sent = given.strip().encode("utf-8", "surrogateescape")
        allowed = False
        for token in tokens:  # all of them, so that time tells nothing
            allowed |= hmac.compare_digest(token, sent)
        if scheme.lower() != "bearer" or not allowed:
            raise Refusal(
                401,
                Text("写入需要令牌", "writing needs a token"),
                Text("加上 Authorization: Bearer <令牌>", "send Authorization: Bearer <token>"),
                (("WWW-Authenticate", 'Bearer realm="vetgraph"'),),
            )


def _parsed(file: Path) -> tuple[bytes, ...]:
    lines = [line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines()]
    for number, line in enumerate(lines, 1):
        if line and (len(line) < _SHORTEST or " " in line):
            raise UsageError(
                Text(
                    f"{file}:{number}：令牌至少 {_SHORTEST} 个字符，不含空格",
                    f"{file}:{number}: a token has at least {_SHORTEST} characters and no space",
                ),
                Text("例如 openssl rand -hex 32", "make one with: openssl rand -hex 32"),
            )
    return tuple(line.encode() for line in lines if line)
