"""Write every generated file; tests fail while one is out of date. A faulty rule or profile ends it with a sentence."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from reqlint.knowledge.delta import generated_schemas
from reqlint.knowledge.index_writer import write_index

if __name__ == "__main__":
    from tests.support.written_data import faults_in_data

    if faults := "\n".join(faults_in_data()):
        sys.exit(faults)
    for path, text in generated_schemas().items():
        path.write_text(text, encoding="utf-8")
        print(path)
    for path in write_index():
        print(path)

    # These read the index that was just written.
    from tests.support.generated import pages
    from tests.support.house import CONTRIBUTING, contributing
    from tests.support.screens import screens

    for path, text in (pages() | screens() | {CONTRIBUTING: contributing()}).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        print(path)
    from tests.support import dependencies

    dependencies.PAGE.write_text(dependencies.page(dependencies.listed() | dependencies.installed()), "utf-8")
    print(dependencies.PAGE)
