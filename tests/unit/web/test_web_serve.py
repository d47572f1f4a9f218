from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from alliance_nlp.config import load_settings
from alliance_nlp.core.errors import ConfigError
from alliance_nlp.web import serve

PROGRAM = """
import sys
from pathlib import Path
from alliance_nlp.config import load_settings
from alliance_nlp.web import serve
from alliance_nlp.workspace import find_workspace
workspace = find_workspace(Path(sys.argv[1]))
settings = load_settings(workspace.config_file)
serve(workspace, settings, port=0, open_browser=False, on_ready=lambda url: print(url, flush=True))
"""


def test_serve_ends_quietly_when_interrupted(workspace):
    command = [sys.executable, "-c", PROGRAM, str(workspace.root)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stderr
        url = urlsplit(process.stdout.readline().strip())
        connection = http.client.HTTPConnection(url.hostname or "", url.port, timeout=10)
        connection.request("GET", f"{url.path}?{url.query}")
        assert connection.getresponse().status == 303
        connection.close()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
        assert process.stdout.read() == ""
        assert process.stderr.read() == ""
    assert url.hostname == "127.0.0.1"


def test_serve_names_the_remedy_when_port_is_taken(workspace):
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        settings = load_settings(workspace.config_file)
        with pytest.raises(ConfigError, match=r"cannot be had.*--port"):
            serve(workspace, settings, port=port, open_browser=False)
