#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The launchers and Debian packages: what is said, what is installed, and when neither is possible.
. "$1/test/build/fake-tree.sh"

make_tree tree

# A package is missing and installing is forbidden: said by name and purpose, status 69.
fake_debian cmake
NATTLAB_NO_INSTALL=1 tree/nattlab > out 2> err
expect_equal "status without a package" 69 $?
expect_contains err "g++                  the compiler"
expect_contains err "NATTLAB_NO_INSTALL=1 forbids it"
expect_contains err "apt-get install --no-install-recommends g++"
expect_lacks err tshark
expect_equal "calls of apt-get when forbidden" "" "$(cat apt.log)"
expect_equal "standard output when forbidden" "" "$(cat out)"

# The tests need more than the command does, and never what is optional.
NATTLAB_NO_INSTALL=1 tree/check > out 2> err
expect_equal "status of check without packages" 69 $?
expect_contains err "tshark               reads captures"
expect_lacks err gcovr

# No root and no sudo.
fake_command id <<< 'echo 1000'
mkdir few-commands
for name in bash cut env realpath sed; do
    ln -s "$(command -v $name)" few-commands/
done
PATH=$PWD/fake-bin:$PWD/few-commands tree/nattlab > out 2> err
expect_equal "status without sudo" 69 $?
expect_contains err "there is no sudo"

# A sudo that wants a password where nobody can type one.
fake_command sudo <<< 'exit 1'
tree/nattlab > out 2> err
expect_equal "status without a password" 69 $?
expect_contains err "sudo does not let you"

# A sudo that lets us: asked without a password, the package is installed, and the command runs.
fake_command sudo <<< 'shift; exec "$@"'
tree/nattlab > out 2> err
expect_equal "status of the command" 0 $?
expect_contains apt.log "install -y --no-install-recommends g++"
expect_contains err "installing"
expect_equal "what the command prints" "hello 0" "$(cat out)"

# Root needs no sudo, and check installs what the tests need besides.
fake_command sudo <<< 'exit 1'
fake_command id <<< 'echo 0'
tree/check > out 2> err
expect_equal "status of check" 0 $?
expect_contains apt.log "install -y --no-install-recommends tshark"
expect_contains out "100% tests passed"

# A package that cannot be had: apt-get's own words, status 69.
fake_debian cmake
touch apt-fails
tree/nattlab > out 2> err
expect_equal "status when apt-get fails" 69 $?
expect_contains err "E: no such package"
expect_contains err "Debian 12"
expect_contains apt.log "update"

finish
