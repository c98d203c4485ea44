#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Submits a sweep to Slurm: an array of SHARDS tasks (slurm-array.sh) and a last job that joins what
# they found (slurm-merge.sh).
#
#     examples/cluster/slurm-sweep.sh SWEEP RESULTS SHARDS [OPTION OF SBATCH...]
#
# The options are for the array: --partition=short --cpus-per-task=16 --time=30. The logs are in
# RESULTS, the results in RESULTS/merged. The last job starts when no task is left, however they
# ended: it refuses to join what is not complete, and its log says what is missing. The same command
# then runs that.
set -eu
self=$(realpath "${BASH_SOURCE[0]}")
here=${self%/*}

die()
{
    echo "slurm-sweep.sh: $*" >&2
    exit 2
}

(($# >= 3)) || die "expected SWEEP RESULTS SHARDS [OPTION OF SBATCH...], found $# arguments"
sweep=$(realpath "$1")
results=$(realpath -m "$2")
shards=$3
shift 3
[[ $shards =~ ^[1-9][0-9]*$ ]] || die "expected a number of shards, found $shards"
[[ -r $sweep ]] || die "cannot read $sweep"
export NATTLAB=${NATTLAB:-${here%/examples/cluster}/build/release/nattlab}
[[ -x $NATTLAB ]] || die "no nattlab at $NATTLAB: build it once with ./nattlab --version, or set" \
    "NATTLAB to the binary"

mkdir -p "$results"
array=$(sbatch --parsable --output="$results/shard-%a.log" "$@" --array="1-$shards" \
    "$here/slurm-array.sh" "$sweep" "$results")
array=${array%%;*} # a federation adds the cluster's name
merge=$(sbatch --parsable --output="$results/merge.log" --dependency="afterany:$array" \
    "$here/slurm-merge.sh" "$results" "$shards")
echo "array job $array runs $shards shards; job ${merge%%;*} then writes $results/merged"
