#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The launchers and the build: when it is made, when not, and that the command runs as if called
# itself. The tree's path has a space in it, and the calls come from elsewhere.
. "$1/test/build/fake-tree.sh"

make_tree "a tree"
fake_debian g++ tshark
command=$PWD/a\ tree/nattlab
mkdir elsewhere && cd elsewhere || exit 1

# The first call builds; its words go to standard error, and the command has standard output.
"$command" "one argument" two > out 2> err
expect_equal "status of the command" 2 $?
expect_equal "output of the first call" "hello 2 [one argument] [two]" "$(cat out)"
expect_contains err "configuring the build"

# The second finds nothing to do and says nothing; ninja is not even asked.
fake() { (cd .. && fake_command "$1"); }
fake ninja <<< 'echo "ninja was called"; exit 1'
"$command" > out 2> err
expect_equal "status of the second call" 0 $?
expect_equal "words of the second call" "" "$(cat err)"
rm ../fake-bin/ninja

# Through a symbolic link.
ln -s "$command" link
expect_equal "output through a link" "hello 0" "$(./link 2> /dev/null)"

# A source edited, one added, one removed; a source that is wrong.
edit() # WORD
{
    echo "const char* Word() { return \"$1\"; }" > "../a tree/cli/word.cc"
}
edit edited
expect_equal "output after an edit" "edited 0" "$("$command" 2> /dev/null)"
mv "../a tree/cli/word.cc" word.cc
"$command" > out 2> err
expect_equal "status of a build that fails" 70 $?
expect_contains err "the build failed"
expect_contains err "Word"
echo 'const char* Word() { return "added"; }' > "../a tree/cli/other.cc"
expect_equal "output after a source came and one went" "added 0" "$("$command" 2> /dev/null)"

# Four calls at once build once, and all succeed.
edit again
rm "../a tree/cli/other.cc"
for i in 1 2 3 4; do
    "$command" > "out$i" 2> "err$i" &
done
wait
for i in 1 2 3 4; do
    expect_equal "output of call $i of four" "again 0" "$(cat "out$i")"
done

# A tree that was moved is built anew, not from the old place.
mv "../a tree" ../moved
command=$PWD/../moved/nattlab
expect_equal "output after the tree moved" "again 0" "$("$command" 2> /dev/null)"

# Standard input is the command's alone.
cat > ../moved/cli/main.cc << 'END'
#include <cstdio>
int main()
{
    for (int c = std::getchar(); c != EOF; c = std::getchar())
        std::putchar(c);
}
END
expect_equal "standard input after a build" "kept" "$(echo kept | "$command" 2> /dev/null)"

# check passes its arguments to ctest and ends in ctest's summary and status.
../moved/check -N > out 2> err
expect_equal "status of check -N" 0 $?
expect_contains out "Total Tests: 1"
! ../moved/check -R nothing-of-that-name > out 2> err ||
    fail "check succeeds without a test"
../moved/check > out 2> err < /dev/null
expect_equal "status of check" 0 $?
expect_contains out "100% tests passed, 0 tests failed out of 1"

finish
