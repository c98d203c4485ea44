#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The tree as a contrib module of ns-3: see contrib/CMakeLists.txt for what this proves. The build
# stands beside the others, because ccache sees the sources by their path from there.
set -eu
tree=$1
build=$tree/build/contrib
cmake -G Ninja -S "$tree/test/build/contrib" -B "$build" -D NATTLAB_TREE="$tree" \
    -D CMAKE_CXX_COMPILER_LAUNCHER="$(command -v ccache)"
ninja -C "$build"
"$build/scratch"
