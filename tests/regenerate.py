"""Write every generated file anew; tests prove that they are current."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from reqlint import _data

if __name__ == "__main__":
    print(_data.write_index())
