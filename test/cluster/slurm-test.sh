#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The Slurm recipe, for real: a sweep as a job array on a Slurm of one node, which this test starts
# and ends. One task is told that its time limit is near, and one is queued again from outside, both
# while they run; the joined results are those of a run without shards. Skipped where Slurm or its
# daemons cannot run. The daemons are of this test alone: own keys, ports and folders.
. "$1/test/cluster/small-sweep.sh"

[[ $(id -u) == 0 ]] || skip "Slurm's daemons need root to start jobs"
PATH=$PATH:/usr/sbin
for program in munged slurmctld slurmd sbatch scontrol; do
    command -v "$program" > /dev/null || skip "no $program (Debian: slurm-wlm and munge)"
done

# Not below the build: the path of a socket has at most 107 characters.
lab=$(mktemp -d /tmp/nattlab-slurm.XXXXXX)
daemons=()
names=()
host=$(hostname)
host=${host%%.*}

# start NAME COMMAND...: a daemon in the foreground. timeout ends it even if this test is killed.
start()
{
    timeout --kill-after=5 280 "${@:2}" < /dev/null > "$lab/$1.out" 2>&1 &
    daemons+=($!)
    names+=("$1")
}

# Jobs first: their slurmstepd outlives slurmd. The last one that is left has our SLURM_CONF.
end_daemons()
{
    local i process
    if [[ -n ${SLURM_CONF:-} ]]; then
        if timeout 10 scancel --quiet --user=root; then
            for ((i = 0; i < 50; ++i)); do
                [[ -n $(timeout 5 squeue --noheader 2> /dev/null) ]] || break
                sleep 0.2
            done
        fi
    fi
    for ((i = ${#daemons[@]} - 1; i >= 0; --i)); do
        kill -TERM "${daemons[i]}"
        wait "${daemons[i]}"
    done
    for process in /proc/[0-9]*; do
        if grep -qsF "SLURM_CONF=$lab/slurm.conf" "$process/environ"; then
            kill -KILL "${process#/proc/}"
        fi
    done
    rm -rf "$lab"
} 2> /dev/null
trap end_daemons EXIT
trap 'exit 1' INT TERM HUP

# Names the daemon that ended, if one did.
died()
{
    local i
    for i in "${!daemons[@]}"; do
        kill -0 "${daemons[i]}" 2> /dev/null || {
            echo "${names[i]} ended"
            return
        }
    done
    return 1
}

give_up() # WHY
{
    skip "$1: $(died || echo "it does not answer in time")" "$lab"/*.out
}

# until_true SECONDS COMMAND...: tries again and again.
until_true()
{
    local end=$((SECONDS + $1))
    shift
    until "$@" > /dev/null 2>&1; do
        ((SECONDS < end)) || return 1
        sleep 0.1
    done
}

munge_answers()
{
    died || munge --no-input --socket="$lab/munge/socket"
}

start_munge()
{
    mkdir "$lab/munge"
    (umask 077 && head -c 1024 /dev/urandom > "$lab/munge/key")
    start munged munged --foreground --force --num-threads=2 --key-file="$lab/munge/key" \
        --socket="$lab/munge/socket" --pid-file="$lab/munge/pid" --seed-file="$lab/munge/seed" \
        --log-file="$lab/munged.log"
    if ! until_true 20 munge_answers || died > /dev/null; then
        give_up "munged cannot run here"
    fi
}

free_port() # AFTER
{
    local port=$(($1 + 1))
    while (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do
        port=$((port + 1))
    done
    echo "$port"
}

# Three tasks run at once on any machine. cred_expire is also how long a task that is queued again
# waits for its next start (seconds).
configure_slurm()
{
    local control
    control=$(free_port $((20000 + $$ % 9000)))
    cat > "$lab/slurm.conf" << END
ClusterName=nattlab
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmctldPort=$control
SlurmdPort=$(free_port "$control")
AuthType=auth/munge
AuthInfo=socket=$lab/munge/socket,cred_expire=10
StateSaveLocation=$lab/state
SlurmdSpoolDir=$lab/spool
SlurmctldLogFile=$lab/slurmctld.log
SlurmdLogFile=$lab/slurmd.log
SlurmctldPidFile=$lab/slurmctld.pid
SlurmdPidFile=$lab/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SchedulerParameters=batch_sched_delay=0,sched_interval=2
KillWait=10
NodeName=$host NodeAddr=127.0.0.1 CPUs=4
PartitionName=test Nodes=$host Default=YES
END
    mkdir "$lab/state" "$lab/spool"
    export SLURM_CONF=$lab/slurm.conf
}

node_is_idle()
{
    died || [[ $(timeout 5 sinfo --noheader --format=%T) == idle ]]
}

start_slurm()
{
    configure_slurm
    start slurmctld slurmctld -D -i
    start slurmd slurmd -D
    if ! until_true 30 node_is_idle || died > /dev/null; then
        give_up "Slurm's daemons cannot run here"
    fi
    timeout 40 sbatch --wait --output="$lab/job.out" --wrap="echo ran" > "$lab/sbatch.out" 2>&1
    [[ $(cat "$lab/job.out" 2>&1) == ran ]] || give_up "Slurm's daemons cannot run a job here"
}


# disturb TASK COMMAND...: when the task has begun to write its results.
disturb()
{
    until_true 60 test -s "results/shard-$1/results.sqlite" || fail "task $1 does not begin"
    "${@:2}" || fail "'${*:2}' ended with $?"
}

queue_is_empty()
{
    [[ -z $(squeue --noheader) ]]
}

expect_job() # JOB RESTARTS
{
    local found
    found=$(scontrol --oneliner show job "$1")
    [[ $found == *" JobState=COMPLETED "* && $found == *" Restarts=$2 "* ]] ||
        fail "job $1: expected to be completed with $2 restarts, found $found"
}

start_munge
start_slurm

write_long_sweep sweep.json 12 # so that a shard takes 4
"$recipes/slurm-sweep.sh" sweep.json results 3 --cpus-per-task=1 --time=10 > submitted ||
    fail "slurm-sweep.sh ended with $?"
cat submitted
[[ $(< submitted) =~ ^array\ job\ ([0-9]+)\ .*\ job\ ([0-9]+)\  ]] || fail "unexpected words"
array=${BASH_REMATCH[1]}
merge=${BASH_REMATCH[2]}
disturb 2 scancel --batch --signal=USR1 "${array}_2"
disturb 3 scontrol requeue "${array}_3"
run_whole sweep.json whole
until_true 150 queue_is_empty || fail "jobs are left: $(squeue)"

expect_job "${array}_1" 0
expect_job "${array}_2" 1
expect_job "${array}_3" 1
expect_job "$merge" 0
grep -q "near the time limit: queued again" results/shard-2.log || fail "task 2 was not stopped"
expect_same_results whole results/merged
((failures == 0)) || tail -n 20 results/*.log "$lab"/*.out
finish
