"""
Run NVIDIA Dynamo's frontend with its own engine that repeats what it is sent, until it is ended.

    python dynamo_frontend.py MODEL PORT
"""

import asyncio
import sys

import uvloop
from dynamo.llm import EngineType, EntrypointArgs, make_engine, run_input
from dynamo.runtime import DistributedRuntime


async def main(model: str, port: int) -> None:
    """Serve *model* on *port* of this machine alone."""
    runtime = DistributedRuntime(asyncio.get_running_loop(), "mem", "tcp", event_plane="zmq")
    settings = EntrypointArgs(
        EngineType.Echo, model_path=model, model_name="tiny", http_host="127.0.0.1", http_port=port
    )
    await run_input(runtime, "http", await make_engine(runtime, settings))


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2])))
