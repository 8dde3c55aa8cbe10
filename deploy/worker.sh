#!/bin/sh
# A crawl worker in the first folder below $1 that no other worker holds: sh worker.sh /data/workers crawl discovery
# With EVERY=3600 it begins anew so many seconds after its job was done. SIGTERM ends it as it ends a crawl: what is
# in flight is finished.
workers=$1
shift
number=1
child=
stopped=
trap 'stopped=yes; [ -z "$child" ] || kill -TERM "$child"' TERM INT

# A shell that waits in the foreground would hear of no signal before the end.
run() {
  [ -z "$stopped" ] || exit 143
  "$@" &
  child=$!
  wait "$child"
  code=$?
  if [ -n "$stopped" ]; then
    # A signal ends the waiting, not what is waited for.
    [ "$code" -le 128 ] || { wait "$child"; code=$?; }
    exit "$code"
  fi
  child=
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
