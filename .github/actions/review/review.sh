#!/usr/bin/env bash
# Runs sluice review as the action's inputs say, and shows the report on the summary page of the job.
set -euo pipefail

sluice="$(cd "$(dirname "$0")/../../.." && pwd)/engine/bin/sluice.js"
report="$(mktemp)"
arguments=(review --policies "$SLUICE_POLICIES" --base "$SLUICE_BASE" --annotate --output "$report")
if [ "$SLUICE_COMMENT" = true ]; then arguments+=(--post github); fi
while IFS= read -r argument; do
  if [ -n "$argument" ]; then arguments+=("$argument"); fi
done <<<"$SLUICE_ARGUMENTS
$SLUICE_LOGS"

status=0
node "$sluice" "${arguments[@]}" || status=$?
cat "$report" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
exit "$status"
