#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The last job of a sweep on Slurm: joins RESULTS/shard-1 to RESULTS/shard-SHARDS in RESULTS/merged.
# slurm-sweep.sh submits it. From the top of nattlab's tree, or with NATTLAB set to the binary, it
# can also be called by hand:
#
#     examples/cluster/slurm-merge.sh RESULTS SHARDS
#
#SBATCH --job-name=nattlab-merge
#SBATCH --cpus-per-task=1
#SBATCH --time=01:00:00

set -u
if [[ $# != 2 || ! $2 =~ ^[1-9][0-9]*$ ]]; then
    echo "slurm-merge.sh: expected RESULTS SHARDS, found: $*" >&2
    exit 2
fi
folders=()
for ((shard = 1; shard <= $2; ++shard)); do
    folders+=("$1/shard-$shard")
done
exec "${NATTLAB:-${SLURM_SUBMIT_DIR:-.}/build/release/nattlab}" merge "${folders[@]}" -o "$1/merged"
