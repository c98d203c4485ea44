#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# One sweep on several machines by GNU parallel and ssh, then joined in RESULTS/merged:
#
#     examples/cluster/parallel.sh SWEEP RESULTS SHARDS HOST...
#
# HOST is a name that ssh takes without a password; ":" is this machine. Each host runs one shard at
# a time, on all its processors; with some shards more than hosts, a fast host runs more of them.
# The tree, SWEEP and RESULTS are at the same place on all hosts. Called again, it runs what is
# missing.
#
# Without HOST all is run here, two shards at a time, each with one process: by GNU parallel, or by
# xargs -P where there is none.
#
# NATTLAB  the nattlab binary, for another place than build/release/nattlab
set -eu
self=$(realpath "${BASH_SOURCE[0]}")
here=${self%/*}

die()
{
    echo "parallel.sh: $*" >&2
    exit 2
}

(($# >= 3)) || die "expected SWEEP RESULTS SHARDS [HOST...], found $# arguments"
sweep=$(realpath "$1")
results=$(realpath -m "$2")
shards=$3
shift 3
[[ $shards =~ ^[1-9][0-9]*$ ]] || die "expected a number of shards, found $shards"
[[ -r $sweep ]] || die "cannot read $sweep"
nattlab=$(realpath -m "${NATTLAB:-${here%/examples/cluster}/build/release/nattlab}")
[[ -x $nattlab ]] || die "no nattlab at $nattlab: build it once with ./nattlab --version, or set" \
    "NATTLAB to the binary"
# The parallel of moreutils has the same name and other options.
gnu=0
[[ $(parallel --version 2> /dev/null < /dev/null) == "GNU parallel"* ]] && gnu=1

mkdir -p "$results"
command=("$nattlab" sweep "$sweep" -o "$results/shard-{}" --shard "{}/$shards" --resume)
status=0
if (($# > 0)); then
    ((gnu)) || die "several hosts need GNU parallel (Debian: apt-get install parallel)"
    hosts=()
    for host; do
        hosts+=(--sshlogin "$host")
    done
    # A shard whose host fails is tried on others.
    seq "$shards" | parallel --quote --jobs 1 --retries 3 --joblog "$results/parallel.log" \
        "${hosts[@]}" "${command[@]}" || status=$?
elif ((gnu)); then
    seq "$shards" | parallel --quote --jobs 2 --joblog "$results/parallel.log" \
        "${command[@]}" -j 1 || status=$?
else
    echo "parallel.sh: no GNU parallel here, going on with xargs" >&2
    seq "$shards" | xargs -P 2 -I '{}' "${command[@]}" -j 1 || status=$?
fi

((status == 0)) || echo "parallel.sh: some shards did not end well (status $status)" >&2
folders=()
for ((shard = 1; shard <= shards; ++shard)); do
    folders+=("$results/shard-$shard")
done
exec "$nattlab" merge "${folders[@]}" -o "$results/merged"
