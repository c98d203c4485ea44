#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The scripts of the Slurm recipe without Slurm, with a task's environment made by hand: what they
# refuse, the folder of scratch, and the end before the time limit.
. "$1/test/cluster/small-sweep.sh"

# as_task NUMBER COUNT [NAME=VALUE...]: sets task to the command that is a task of an array from 1
# to COUNT.
as_task()
{
    task=(env SLURM_ARRAY_TASK_ID="$1" SLURM_ARRAY_TASK_COUNT="$2" SLURM_ARRAY_TASK_MIN=1
        SLURM_ARRAY_TASK_MAX="$2" SLURM_CPUS_PER_TASK=1 SLURM_JOB_ID=7 "${@:3}"
        bash "$recipes/slurm-array.sh" sweep.json results)
}

run_task() # NUMBER COUNT [NAME=VALUE...]
{
    as_task "$@"
    "${task[@]}"
}

# expect_refusal TEXT COMMAND...: status 2 and the text.
expect_refusal()
{
    local status=0
    "${@:2}" > refused 2>&1 || status=$?
    [[ $status == 2 ]] || fail "'${*:2}': expected status 2, found $status"
    grep -qF -- "$1" refused || fail "'${*:2}': expected '$1', found '$(cat refused)'"
}

write_sweep sweep.json 3
expect_refusal "not a task of a job array" bash "$recipes/slurm-array.sh" sweep.json results
expect_refusal "found 2 tasks from 1 to 3" run_task 3 2 SLURM_ARRAY_TASK_MAX=3
expect_refusal "found 3 tasks from 0 to 2" \
    run_task 0 3 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=2
expect_refusal "no nattlab at" run_task 1 3 NATTLAB="$PWD/nothing"
expect_refusal "cannot make a folder" run_task 1 3 NATTLAB_SCRATCH="$PWD/nothing"
expect_refusal "found 1 arguments" bash "$recipes/slurm-array.sh" sweep.json
expect_refusal "expected SWEEP RESULTS SHARDS" "$recipes/slurm-sweep.sh" sweep.json results
expect_refusal "expected a number of shards, found 0" "$recipes/slurm-sweep.sh" sweep.json results 0
expect_refusal "cannot read" "$recipes/slurm-sweep.sh" nothing.json results 3
expect_refusal "expected RESULTS SHARDS" bash "$recipes/slurm-merge.sh" results
expect_refusal "expected SWEEP RESULTS SHARDS" "$recipes/parallel.sh" sweep.json
rm -rf results

# With a folder of scratch, twice: the second time there is nothing left to run.
mkdir scratch
run_whole sweep.json whole
for shard in 1 2 1 2; do
    run_task "$shard" 2 NATTLAB_SCRATCH="$PWD/scratch" > "task-$shard.log" 2>&1 ||
        fail "task $shard ended with $?: $(cat "task-$shard.log")"
done
[[ -z $(ls scratch) ]] || fail "left in the folder of scratch: $(ls scratch)"
bash "$recipes/slurm-merge.sh" results 2 > merge.log 2>&1 || fail "merge: $(cat merge.log)"
expect_same_results whole results/merged

# USR1 comes a minute before the time limit: what was run is kept, and the task is queued again.
rm -r results
mkdir bin
printf '#!/bin/sh\necho "scontrol $*"\n' > bin/scontrol
chmod +x bin/scontrol
write_long_sweep sweep.json 8
as_task 1 1 NATTLAB_SCRATCH="$PWD/scratch" PATH="$PWD/bin:$PATH"
"${task[@]}" > limit.log 2>&1 &
process=$!
for ((i = 0; i < 300; ++i)); do
    [[ ! -s $(echo scratch/*/results.sqlite) ]] || break
    sleep 0.1
done
kill -USR1 "$process"
wait "$process"
[[ $? == 130 ]] || fail "expected status 130 before the time limit: $(cat limit.log)"
grep -qx "scontrol requeue 7" limit.log || fail "not queued again: $(cat limit.log)"
[[ -s results/shard-1/results.sqlite ]] || fail "the results are lost"
finish
