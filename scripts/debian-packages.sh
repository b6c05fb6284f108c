#!/bin/sh
# Install what some tests use from Debian: a browser, fonts and a speaking voice. Never fails the build: without apt,
# rights or a network it says in one line what is missing, and the tests in question skip with a reason.
set -u

wanted="chromium fonts-noto-core fonts-noto-cjk fonts-dejavu-core espeak-ng"

missing() {
    for package in $wanted; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
    done
}

command -v dpkg-query >/dev/null 2>&1 || {
    echo "not a Debian system: tests of the browser page, of some scripts and of speech may skip"
    exit 0
}
needed=$(missing)
[ -z "$needed" ] && exit 0

root=""
if [ "$(id -u)" -ne 0 ]; then
    root="sudo -n"
    sudo -n true >/dev/null 2>&1 || root="none"
fi
if command -v apt-get >/dev/null 2>&1 && [ "$root" != none ]; then
    echo "installing from Debian: $needed"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086  # the words of $root and $needed are meant to split
    { $root apt-get install -qq -y --no-install-recommends $needed ||
        { $root apt-get update -qq && $root apt-get install -qq -y --no-install-recommends $needed; }; } \
        >/dev/null 2>&1 </dev/null
fi
needed=$(missing)
[ -z "$needed" ] || echo "missing Debian packages, their tests skip: $needed"
exit 0
