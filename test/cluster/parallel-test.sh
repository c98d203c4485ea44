#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The recipe without a scheduler: by xargs, by GNU parallel on this machine, and by GNU parallel on
# two hosts, which are this machine behind a command in the place of ssh. All give the results of a
# run without shards.
. "$1/test/cluster/small-sweep.sh"

run_recipe() # RESULTS [HOST...]
{
    local results=$1
    shift
    "$recipes/parallel.sh" sweep.json "$results" 3 "$@" > "$results.log" 2>&1 ||
        fail "parallel.sh ended with $?: $(cat "$results.log")"
    expect_same_results whole "$results/merged"
}

write_sweep sweep.json 3
run_whole sweep.json whole

# A parallel that is not GNU's: that of moreutils knows no --version.
mkdir other
printf '#!/bin/sh\necho "parallel: invalid option" >&2; exit 1\n' > other/parallel
chmod +x other/parallel
PATH=$PWD/other:$PATH run_recipe "by xargs"
grep -q "going on with xargs" "by xargs.log" || fail "xargs was not used"
if PATH=$PWD/other:$PATH "$recipes/parallel.sh" sweep.json hosts 3 a b > refused 2>&1; then
    fail "hosts without GNU parallel: expected a refusal"
fi
grep -q "need GNU parallel" refused || fail "expected 'need GNU parallel', found $(cat refused)"

[[ $(parallel --version 2> /dev/null) == "GNU parallel"* ]] ||
    skip "xargs is as expected, but there is no GNU parallel (Debian: parallel)"
export PARALLEL_HOME=$PWD/parallel-home
run_recipe "by parallel"
[[ $(wc -l < "by parallel/parallel.log") == 4 ]] || fail "expected 3 shards in parallel.log"

# Like ssh: HOST -- COMMAND..., to a login's shell, of which sshd tells by SHELL. Here it may be unset,
# as it is where a service runs the tests: what parallel sends to a host would then do nothing.
cat > not-ssh << END
#!/bin/sh
echo "\$1" >> '$PWD/hosts-used'
shift 2
SHELL=/bin/sh exec sh -c "\$*"
END
chmod +x not-ssh
export PARALLEL_SSH=$PWD/not-ssh
unset SHELL
run_recipe "on hosts" first second
for host in first second; do
    grep -qx "$host" hosts-used || fail "host $host was not used"
done

# A shard is lost, and the recipe called again: it runs that alone.
rm -r "on hosts"/{shard-2,merged}
run_recipe "on hosts" first second
finish
