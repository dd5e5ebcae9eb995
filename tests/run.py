"""Run everything that must hold: style, types, layers, tests. What `make test` calls.

Chromium is looked for, or on Debian as root installed; without it all but the browser tests run, and the run
fails at its end with the one command that is missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PACKAGES = "chromium fonts-noto-core"
CODE = ["asmgraph", "api", "tests", "benchmarks"]
CHECKS = [
    [str(BIN / "ruff"), "check", "."],
    [str(BIN / "ruff"), "format", "--check", "."],
    [str(BIN / "mypy"), *CODE],
    [str(BIN / "lint-imports"), "--no-cache"],
]


def main() -> int:
    if any(run(check) for check in CHECKS):
        return 1
    if "--check" in sys.argv:
        return 0
    browser = chromium()
    chosen = [] if browser else ["-m", "not browser"]
    failed = run([sys.executable, "-m", "pytest", "-q", "--durations=10", *chosen])
    if not browser:
        print(
            "The browser tests did not run: no chromium. Install it as root, then run make test again:\n"
            f"  apt-get update && apt-get install -y --no-install-recommends {PACKAGES}",
            file=sys.stderr,
        )
    return int(bool(failed) or not browser)


def run(command: list[str]) -> int:
    print("$ " + " ".join([Path(command[0]).name, *command[1:]]), flush=True)
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def chromium() -> bool:
    """Return whether there is a chromium, after an attempt to install it where that is possible."""
    if shutil.which("chromium"):
        return True
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing chromium for the browser tests", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in ("apt-get update -qq", f"apt-get install -y -qq --no-install-recommends {PACKAGES}"):
            subprocess.run(command.split(), env=environment, check=False, stdout=subprocess.DEVNULL)
    return shutil.which("chromium") is not None


if __name__ == "__main__":
    sys.exit(main())
