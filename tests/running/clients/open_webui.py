"""Connects to Open WebUI by a websocket, and prints the event that arrives: `open_webui.py URL TOKEN EVENT`."""

import asyncio
import sys
from typing import Any

import socketio

PATIENCE_SECONDS = 60


def _show(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def main(url: str, token: str, event: str) -> None:
    """Print `connected`, and the first event of this name."""
    client = socketio.AsyncClient(reconnection=False)
    arrived: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    client.on(event, arrived.set_result)
    await client.connect(url, transports=["websocket"], socketio_path="/ws/socket.io", auth={"token": token})
    await client.call("user-join", {"auth": {"token": token}})
    _show("connected")
    _show(str(await asyncio.wait_for(arrived, PATIENCE_SECONDS)))
    await client.disconnect()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
