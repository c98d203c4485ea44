#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The build by waf makes the command, the examples and the tests. Skipped where waf cannot be had,
# except in continuous integration, which must not pass without.
tree=$1
"$tree/waf" --version
if (($? == 69)) && [[ ${CI:-} != true ]]; then
    exit 77
fi
set -eu
"$tree/waf" configure build
cd "$tree/build/waf-build"
test/test-packet --gtest_brief=1
./nattlab --help > /dev/null
