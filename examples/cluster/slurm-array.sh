#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# One sweep as a Slurm job array, each task a shard of it. Submit it from the top of nattlab's tree,
# built before (./nattlab --version builds it):
#
#     sbatch --array=1-8 examples/cluster/slurm-array.sh SWEEP RESULTS
#
# Task 3 of these 8 runs shard 3/8 into RESULTS/shard-3. A task that is preempted, that comes near
# its time limit or whose node fails is queued again and goes on where it was. Submitted anew with
# the same array, the script runs what is missing. Options of sbatch go before the script's name;
# they win over those below.
#
# NATTLAB          the nattlab binary, for another place than build/release/nattlab
# NATTLAB_SCRATCH  a folder on the node's own disk: a task works there, and copies its results to
#                  RESULTS when it ends (doc/cluster.md says when)
#
#SBATCH --job-name=nattlab
#SBATCH --cpus-per-task=4
#SBATCH --time=04:00:00
#SBATCH --signal=B:USR1@60
#SBATCH --requeue
#SBATCH --open-mode=append

set -u

die()
{
    echo "slurm-array.sh: $*" >&2
    exit 2
}

(($# == 2)) || die "expected SWEEP RESULTS, found $# arguments"
sweep=$1
results=$2
task=${SLURM_ARRAY_TASK_ID:-}
tasks=${SLURM_ARRAY_TASK_COUNT:-}
[[ -n $task && -n $tasks ]] || die "not a task of a job array: submit it with sbatch --array=1-N"
# The number of tasks is the number of shards: with a gap, one would not be run.
[[ ${SLURM_ARRAY_TASK_MIN:-} == 1 && ${SLURM_ARRAY_TASK_MAX:-} == "$tasks" ]] ||
    die "expected an array from 1 to the number of tasks, found $tasks tasks from" \
        "${SLURM_ARRAY_TASK_MIN:-?} to ${SLURM_ARRAY_TASK_MAX:-?}; a whole array runs only what" \
        "is missing, and scontrol requeue JOB_TASK repeats one task"
nattlab=${NATTLAB:-${SLURM_SUBMIT_DIR:-.}/build/release/nattlab}
[[ -x $nattlab ]] || die "no nattlab at $nattlab: build it once with ./nattlab --version and" \
    "submit from the top of the tree, or set NATTLAB to the binary"

shard=$results/shard-$task
mkdir -p "$shard" || die "cannot make $shard"
folder=$shard
if [[ -n ${NATTLAB_SCRATCH:-} ]]; then
    folder=$(mktemp -d "$NATTLAB_SCRATCH/nattlab-shard-$task.XXXXXX") ||
        die "cannot make a folder in $NATTLAB_SCRATCH"
    trap 'rm -rf "$folder"' EXIT
    [[ ! -s $shard/results.sqlite-wal ]] ||
        die "$shard: a task without NATTLAB_SCRATCH was killed here; go on without it"
    if [[ -e $shard/results.sqlite ]]; then
        cp "$shard/results.sqlite" "$folder" || die "cannot copy $shard/results.sqlite to $folder"
    fi
fi

echo "shard $task/$tasks of $sweep on $(hostname), restart ${SLURM_RESTART_COUNT:-0}"
"$nattlab" sweep "$sweep" -o "$folder" --shard "$task/$tasks" -j "${SLURM_CPUS_PER_TASK:-1}" \
    --resume &
sweeper=$!

# Slurm sends USR1 to this shell alone, a minute before the time limit; TERM, when the task is
# cancelled or preempted, to all processes of the task. nattlab ends in order on TERM.
near_limit=0
signalled=0
trap 'near_limit=1 signalled=1; kill -TERM "$sweeper"' USR1
trap 'signalled=1' TERM
while :; do
    signalled=0
    wait "$sweeper"
    status=$?
    ((signalled)) || break # else the signal ended the wait, and nattlab may still run
done

# A database that was left in order is one file.
if [[ $folder != "$shard" && -e $folder/results.sqlite ]]; then
    [[ ! -s $folder/results.sqlite-wal ]] || die "nattlab was killed: what it found is lost"
    if ! cp "$folder/results.sqlite" "$shard/results.sqlite.part" ||
        ! mv "$shard/results.sqlite.part" "$shard/results.sqlite"; then
        die "cannot copy the results to $shard"
    fi
fi
if ((near_limit && status > 128)); then
    echo "near the time limit: queued again"
    scontrol requeue "$SLURM_JOB_ID"
fi
exit "$status"
