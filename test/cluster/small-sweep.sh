# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# For the tests of examples/cluster: a small sweep and what to compare of its results. The tests
# source this file in their empty folder, with their own arguments.

set -u
tree=$1
# shellcheck disable=SC2034 # used by the tests
recipes=$tree/examples/cluster
export NATTLAB=$2/nattlab
failures=0

# fail MESSAGE: the test goes on, and fails at its end.
fail()
{
    printf 'FAILED: %s\n' "$*" >&2
    failures=$((failures + 1))
}

# skip WHY [LOG...]: the machine lacks what the test needs. What failed until then stays failed.
skip()
{
    ((failures == 0)) || exit 1
    printf 'skipped: %s\n' "$1"
    shift
    for log; do
        [[ -s $log ]] && printf -- '--- the end of %s\n%s\n' "$log" "$(tail -n 20 "$log")"
    done
    exit 77
}

finish()
{
    ((failures == 0)) || exit 1
    echo "all as expected"
}

# write_sweep FILE SEEDS: 8 points for each seed. Of some the connection fails, and some say
# something else with each seed.
write_sweep()
{
    cat > "$1" << END
{
  "title": "Two hosts and a link that loses",
  "base": {
    "duration": "40 s",
    "links": {"wan": {"delay": "10 ms"}},
    "hosts": {
      "client": {"system": "windows-xp-sp2", "link": "wan", "address": "192.0.2.10/24"},
      "server": {
        "system": "windows-server-2003",
        "link": "wan",
        "address": "192.0.2.20/24",
        "server": {
          "presharedKey": "secret",
          "users": {"alice": {"password": "pw"}},
          "address": "10.0.0.1",
          "pool": "10.0.0.100-10.0.0.199"
        }
      }
    },
    "connections": {
      "vpn": {"from": "client", "to": "server", "user": "alice", "password": "pw",
              "presharedKey": "secret"}
    },
    "traffic": {"ping": {"kind": "ping", "connection": "vpn", "count": 2}}
  },
  "axes": {
    "password": {"pointer": "/connections/vpn/password", "values": ["pw", "wrong"]},
    "loss": {"pointer": "/links/wan/loss", "values": ["0 %", "10 %", "30 %", "100 %"]}
  },
  "replicates": $2
}
END
}

# write_long_sweep FILE SECONDS: of points that take one process about so long, on this machine now.
write_long_sweep()
{
    local rate=20
    write_sweep trial.json 25
    "$NATTLAB" sweep trial.json -o trial -j 1 > trial.log 2>&1 || fail "$(cat trial.log)"
    [[ $(< trial.log) =~ \(([0-9]+)/s\) ]] && rate=${BASH_REMATCH[1]}
    write_sweep "$1" $((rate * $2 / 8 + 1))
}

# run_whole SWEEP FOLDER: without shards.
run_whole()
{
    "$NATTLAB" sweep "$1" -o "$2" -j 2 > "$2.log" 2>&1 ||
        fail "the sweep without shards ended with $?: $(cat "$2.log")"
}

# expect_same_results FOLDER FOLDER: both exports are the same bytes.
expect_same_results()
{
    local form folder
    for form in csv jsonl; do
        for folder; do
            "$NATTLAB" results "$folder" "--$form" > "$folder.$form" ||
                fail "nattlab results $folder --$form ended with $?"
        done
        [[ -s $1.$form ]] || fail "$1.$form is empty"
        cmp "$1.$form" "$2.$form" || fail "$1.$form and $2.$form differ"
    done
}
