"""Unit tests start no process and open no connection."""

import socket
import subprocess
from multiprocessing.process import BaseProcess
from typing import NoReturn

import pytest


@pytest.fixture(autouse=True)
def no_processes_and_no_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> NoReturn:
        raise AssertionError("a unit test must not start a process or connect; move the test to tests/integration")

    monkeypatch.setattr(subprocess.Popen, "__init__", refuse)
    monkeypatch.setattr(BaseProcess, "start", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "bind", refuse)
