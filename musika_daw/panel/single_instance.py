"""One window a user: a second start raises the first."""

from __future__ import annotations

import getpass
from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WAIT_MS = 500


def server_name(port: int) -> str:
    """The name that windows of one user on one engine share."""
    return f"musika-daw-{getpass.getuser()}-{port}"


def raise_first(name: str) -> bool:
    """Asks the window that is there to come to the front; False if there is none."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    there = socket.waitForConnected(_WAIT_MS)
    if there:
        socket.write(b"raise\n")
        socket.waitForBytesWritten(_WAIT_MS)
        socket.disconnectFromServer()
    return bool(there)


class FirstInstance(QObject):
    """Listens for later starts; a name that a dead process left behind is taken over."""

    def __init__(self, name: str, asked: Callable[[], None], parent: QObject | None = None) -> None:
        """`asked`: called when another start wants the window in front."""
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._asked = asked
        if not self._server.listen(name):
            QLocalServer.removeServer(name)
            self._server.listen(name)
        self._server.newConnection.connect(self._answer)

    def _answer(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            self._asked()
