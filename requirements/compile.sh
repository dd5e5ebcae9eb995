#!/bin/sh
# Locks what pyproject.toml asks for: hashes for every file, one lock for Python 3.11 to 3.13, no registry named.
# Needs uv on the path. Run from the top of the checkout: sh requirements/compile.sh [--upgrade]
set -eu
options="--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet"
uv pip compile $options "$@" pyproject.toml --extra assets --output-file requirements/run.txt
uv pip compile $options "$@" pyproject.toml --extra assets --extra dev --constraint requirements/run.txt --output-file requirements/dev.txt
uv pip compile $options "$@" requirements/build.in --output-file requirements/build.txt
