# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# For the tests of the launchers: a tree of a few lines with the real launchers in it, and a Debian
# that is made of scripts. The tests source this file in their empty folder.

set -u
tree=$1
failures=0

# fail MESSAGE: the test goes on, and fails at its end.
fail()
{
    printf 'FAILED: %s\n' "$*" >&2
    failures=$((failures + 1))
}

expect_equal() # WHAT EXPECTED FOUND
{
    [[ $2 == "$3" ]] || fail "$1: expected '$2', found '$3'"
}

expect_contains() # FILE TEXT
{
    grep -qF -- "$2" "$1" || fail "expected '$2' in $1, which holds: $(cat "$1")"
}

expect_lacks() # FILE TEXT
{
    ! grep -qF -- "$2" "$1" || fail "unexpected '$2' in $1, which holds: $(cat "$1")"
}

# make_tree FOLDER: its command says "hello", the number of its arguments and the arguments.
make_tree()
{
    mkdir -p "$1"/{cmake,model,helper,cli}
    cp "$tree"/{nattlab,check,CMakePresets.json} "$1"
    cp "$tree/cmake/launcher.sh" "$1/cmake"
    printf 'build g++ the compiler\ntest tshark reads captures\noptional gcovr counts\n' \
        > "$1/cmake/debian-packages.txt"
    cat > "$1/CMakeLists.txt" << 'END'
cmake_minimum_required(VERSION 3.18)
project(fake LANGUAGES CXX)
enable_testing()
file(GLOB sources CONFIGURE_DEPENDS cli/*.cc)
add_executable(nattlab-cli ${sources})
set_target_properties(nattlab-cli PROPERTIES OUTPUT_NAME nattlab)
add_test(NAME fake COMMAND nattlab-cli)
END
    cat > "$1/cli/main.cc" << 'END'
#include <cstdio>
const char* Word();
int main(int argc, char** argv)
{
    std::printf("%s %d", Word(), argc - 1);
    for (int i = 1; i < argc; ++i)
        std::printf(" [%s]", argv[i]);
    std::printf("\n");
    return argc - 1;
}
END
    echo 'const char* Word() { return "hello"; }' > "$1/cli/word.cc"
}

# fake_command NAME < SCRIPT: puts a command of that name before the real one.
fake_command()
{
    mkdir -p fake-bin
    { echo '#!/bin/sh'; cat; } > "fake-bin/$1"
    chmod +x "fake-bin/$1"
}

# fake_debian INSTALLED...: dpkg-query knows these alone; apt-get adds those that it is asked for, in
# the file installed, and notes its arguments in the file apt.log.
fake_debian()
{
    printf '%s\n' "$@" > installed
    fake_command dpkg-query << END
sed 's/.*/<installed &>/' '$PWD/installed'
END
    fake_command apt-get << END
echo "\$*" >> '$PWD/apt.log'
[ -e '$PWD/apt-fails' ] && { echo 'E: no such package'; exit 100; }
case "\$*" in *' install '*) for word; do echo "\$word"; done >> '$PWD/installed' ;; esac
END
    : > apt.log
    PATH=$PWD/fake-bin:$PATH
    export DPKG_STATUS=$PWD/installed
}

finish()
{
    ((failures == 0)) || exit 1
    echo "all as expected"
}
