#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The JUnit XML of nattlab test, with scenarios that are as expected, not as expected, and broken,
# is what its schema admits.
set -eu
top=$1
nattlab=$2/nattlab
if ! command -v xmllint > /dev/null; then
    echo "xmllint (package libxml2-utils) is missing"
    exit 77
fi
mkdir -p set/deeper
cp "$top/scenarios/article/no-nat.json" "set/good & \"well\".json"
sed 's/"connected"/"failed"/' "$top/scenarios/article/no-nat.json" > set/deeper/not-as-expected.json
echo '{"hosts": ' > set/broken.json
status=0
"$nattlab" test set/*.json set/deeper --junit junit.xml > /dev/null || status=$?
test "$status" -eq 2
xmllint --noout --schema "$top/test/cli/junit.xsd" junit.xml
for count in 'tests="3" failures="1" errors="1"' 'tests="2" failures="0" errors="1"' \
    'tests="1" failures="1" errors="0"'; do
    grep -q "$count" junit.xml || { cat junit.xml; echo "no $count"; exit 1; }
done
