#!/bin/sh
# A crawl worker in the first folder below $1 that no other worker holds: sh worker.sh /data/workers crawl discovery
# With EVERY=3600 it begins anew so many seconds after its job was done. SIGTERM ends it as it ends a crawl: what is
# in flight is finished.
workers=$1
shift
number=1
stopped=
told=
# What is being started hears of no signal: it has a second to begin. "$!" is it from the first moment on.
trap 'stopped=yes; tell' TERM INT

tell() {
  sleep 1
  told=$!
  [ -z "$told" ] || kill -TERM "$told" 2>/dev/null
}

# A shell that waits in the foreground would hear of no signal before the end.
run() {
  [ -z "$stopped" ] || exit 143
  "$@" &
  # The signal may have come right before that.
  [ -z "$stopped" ] || [ "$told" = "$!" ] || tell
  wait "$!"
  code=$?
  if [ -n "$stopped" ]; then
    # A signal ends the waiting, not what is waited for, unless that had ended, too.
    if [ "$code" -gt 128 ]; then
      wait "$!"
      ended=$?
      [ "$ended" -eq 127 ] || code=$ended
    fi
    exit "$code"
  fi
}

while :; do
  mkdir -p "$workers/$number"
  run scrapy "$@" -s DATA_DIR="$workers/$number"
  if [ "$code" -eq 75 ]; then
    # Another worker is at work in it.
    number=$((number + 1))
  elif [ "$code" -eq 0 ] && [ -n "$EVERY" ]; then
    run sleep "$EVERY"
  else
    exit "$code"
  fi
done
