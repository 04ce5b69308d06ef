#!/bin/sh
# Runs sluice for pre-commit, out of pre-commit's checkout of this repository; the first run installs what it needs there.
set -eu

sluice="$(dirname "$0")/sluice.js"
if [ ! -e "$(dirname "$0")/../dist/cli/main.js" ]; then
  (cd "$(dirname "$0")/../.." && npm ci --no-audit --no-fund --loglevel=error) >&2
fi
exec node "$sluice" "$@"
