"""
Run llama.cpp's server in this process, on one thread, until it is ended.

    python llama_cpp.py FILE.gguf PORT
"""

import sys
import threading

import xllamacpp


def main(file: str, port: int) -> None:
    """Serve *file* on *port* of this machine alone; answers have at most two tokens unless a request says more."""
    settings = xllamacpp.CommonParams()
    settings.model.path = file
    settings.port = port
    settings.n_ctx = 16384  # a longer answer ends here
    settings.cache_ram_mib = 0  # it would keep gigabytes of conversations
    settings.n_parallel = 4
    settings.n_predict = 2
    settings.cpuparams.n_threads = 1
    settings.warmup = False
    server = xllamacpp.Server(settings)
    print(server.listening_address, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
