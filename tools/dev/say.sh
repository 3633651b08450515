# Steps with their times, notes and failures: the only output of ./dev itself.
# shellcheck shell=bash

if [[ -t 1 && -z "${NO_COLOR:-}" ]]; then
  bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'
else
  bold='' dim='' red='' green='' plain=''
fi

now_ms() {
  local t="${EPOCHREALTIME/[.,]/}"
  printf '%s' "$((t / 1000))"
}

# took MS: a duration in words, 1234 -> 1.2 s, 92000 -> 1 min 32 s.
took() {
  local ms=$1
  if ((ms < 60000)); then
    printf '%d.%d s' $((ms / 1000)) $((ms % 1000 / 100))
  else
    printf '%d min %d s' $((ms / 60000)) $((ms % 60000 / 1000))
  fi
}

note() { printf '    %s\n' "$*"; }

# Says what is wrong and what to do about it, then ends the whole run.
fail() {
  printf '%s✗ %s%s\n' "$red" "$1" "$plain" >&2
  shift
  local line
  for line in "$@"; do printf '    %s\n' "$line" >&2; done
  exit 1
}

# step "what it does" function args...: runs it, says how long it took. A function that finds its
# work done says so with `skip`. A failure ends the run, by errexit, so the trap below names the step
# (testing the function's status here would switch errexit off inside it).
step() {
  step_title=$1 step_start=$(now_ms) step_skipped=''
  shift
  printf '%s▸ %s%s\n' "$bold" "$step_title" "$plain"
  "$@"
  local time
  time=$(took $(($(now_ms) - step_start)))
  step_title=''
  if [[ -n "$step_skipped" ]]; then
    printf '    %s%s (%s)%s\n' "$dim" "$step_skipped" "$time" "$plain"
  else
    printf '    %sdone in %s%s\n' "$green" "$time" "$plain"
  fi
}
step_title=''

# What ./dev does when it ends for whatever reason; commands add to it with at_exit.
exit_actions=()
at_exit() { exit_actions+=("$*"); }
on_exit() {
  local rc=$? action
  if ((rc != 0)) && [[ -n "$step_title" ]]; then
    printf '%s✗ %s: failed with status %d after %s%s\n' "$red" "$step_title" "$rc" \
      "$(took $(($(now_ms) - step_start)))" "$plain" >&2
  fi
  for action in "${exit_actions[@]}"; do eval "$action" || true; done
  exit "$rc"
}

# check "title" command...: like step, but remembers a failure and goes on; `verdict` ends with it.
# A check that could not be made here ends with the status not_checked, having said why.
# What it says with `remark` stands under its line of the summary, where it is read even when only the end is kept.
not_checked=77
remarks=''
remark() { printf '%s\n' "$*" >>"$remarks"; }
checks=0 skipped_checks=0 failed_checks=() check_lines=()
check() {
  local title=$1 start rc time line
  shift
  printf '%s▸ %s%s\n' "$bold" "$title" "$plain"
  start=$(now_ms)
  remarks=$(mktemp)
  set +e
  (set -e && "$@")
  rc=$?
  set -e
  time=$(took $(($(now_ms) - start)))
  checks=$((checks + 1))
  if ((rc == 0)); then
    printf '    %spassed in %s%s\n' "$green" "$time" "$plain"
    check_lines+=("passed  $title ($time)")
  elif ((rc == not_checked)); then
    skipped_checks=$((skipped_checks + 1))
    check_lines+=("SKIPPED $title: see above")
  else
    printf '%s✗ %s: failed with status %d after %s%s\n' "$red" "$title" "$rc" "$time" "$plain" >&2
    check_lines+=("FAILED  $title ($time)")
    failed_checks+=("$title")
  fi
  while IFS= read -r line; do check_lines+=("        $line"); done <"$remarks"
  rm -f "$remarks"
}

# The summary of all checks; its status is the run's status.
verdict() {
  local line failed=${#failed_checks[@]}
  printf '\n%sSummary%s\n' "$bold" "$plain"
  for line in "${check_lines[@]}"; do printf '  %s\n' "$line"; done
  printf 'steps: %d passed, %d failed, %d skipped\n' $((checks - failed - skipped_checks)) "$failed" "$skipped_checks"
  ((failed == 0))
}

# skip "why": the running step had nothing to do.
skip() { step_skipped="$*"; }

# quietly LOG command...: output goes to a log file; shown only when the command fails.
quietly() {
  local log="$SKYPORT_CACHE/logs/$1.log" rc=0
  shift
  "$@" >"$log" 2>&1 </dev/null || rc=$?
  if ((rc != 0)); then
    printf '%s    %s failed; the last lines of %s:%s\n' "$red" "$1" "$log" "$plain" >&2
    tail -n 40 "$log" >&2
  fi
  return "$rc"
}
