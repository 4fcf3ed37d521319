#!/bin/sh
# What a double click starts: the window.
LANG="${LANG:-C.UTF-8}"
export LANG
exec "$(dirname "$(readlink -f "$0")")/musika-daw" app "$@"
