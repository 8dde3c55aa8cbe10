#!/bin/sh
# A crawl worker in the first folder below $1 that no other worker holds: sh worker.sh /data/workers crawl discovery
# With EVERY=3600 it begins anew so many seconds after its job was done.
workers=$1
shift
number=1
while :; do
  mkdir -p "$workers/$number"
  scrapy "$@" -s DATA_DIR="$workers/$number"
  code=$?
  if [ "$code" -eq 75 ]; then
    # Another worker is at work in it.
    number=$((number + 1))
  elif [ "$code" -eq 0 ] && [ -n "$EVERY" ]; then
    sleep "$EVERY"
  else
    exit "$code"
  fi
done
