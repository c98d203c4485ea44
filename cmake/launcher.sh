# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What ./nattlab and ./check share: the Debian packages, then the build. They source this file with
# TOP set to the top of the tree.
#
# All that is said goes to standard error; standard input is left to the program that is built.
# Exit status 69: a package is missing and cannot be installed. 70: the build failed.
# NATTLAB_NO_INSTALL=1 forbids to install packages.

BUILD=$TOP/build/release
PACKAGES=$TOP/cmake/debian-packages.txt
BUILT=$BUILD/built-for # made by each build that succeeds, as old as its start; holds $TOP
DPKG_STATUS=${DPKG_STATUS:-/var/lib/dpkg/status}

# With paths relative to the tree, all builds of the same sources share what ccache keeps: those of
# CMake and waf, of the contrib module, and of other clones.
export CCACHE_BASEDIR=$TOP CCACHE_NOHASHDIR=1 CCACHE_IGNOREOPTIONS="-MD -MT -MF"

say()
{
    printf '%s: %s\n' "${0##*/}" "$*" >&2
}

# The missing packages of the groups, one a line: name, purpose.
missing_packages() # GROUP...
{
    local group package purpose installed
    installed=$(dpkg-query -W -f '<${db:Status-Status} ${Package}>')
    while read -r group package purpose; do
        if [[ " $* " == *" $group "* && $installed != *"<installed $package>"* ]]; then
            printf '%-20s %s\n' "$package" "$purpose"
        fi
    done < "$PACKAGES"
}

# Sets as_root to the command that makes root of us, or why_not to the reason why there is none.
find_root()
{
    as_root=()
    why_not=""
    if [[ ${NATTLAB_NO_INSTALL:-} == 1 ]]; then
        why_not="NATTLAB_NO_INSTALL=1 forbids it"
    elif [[ $(id -u) != 0 ]]; then
        as_root=(sudo)
        [[ -t 2 ]] || as_root=(sudo -n) # nobody is there to type a password
        if ! command -v sudo > /dev/null; then
            why_not="you are not root, and there is no sudo"
        elif ! "${as_root[@]}" true 2> /dev/null; then
            why_not="you are not root, and sudo does not let you without a password"
        fi
    fi
}

# With a terminal, apt-get shows its progress there; without, only a failure shows its messages.
apt() # APT-GET'S ARGUMENT...
{
    local command=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get
        -o DPkg::Lock::Timeout=300 "$@")
    if [[ -t 2 ]]; then
        "${command[@]}" < /dev/null >&2
    else
        local log
        log=$("${command[@]}" < /dev/null 2>&1) || {
            printf '%s\n' "$log" >&2
            return 1
        }
    fi
}

install_packages() # PACKAGE...
{
    local lists=(/var/lib/apt/lists/*_Packages*)
    local install=(install -y --no-install-recommends "$@")
    if [[ -e ${lists[0]} ]] && apt "${install[@]}"; then
        return
    fi
    say "fetching Debian's current lists of packages"
    apt update && apt "${install[@]}"
}

# Installs what is missing of the groups, having said what and why.
ensure_packages() # GROUP...
{
    if ! command -v dpkg-query > /dev/null; then
        say "this is not Debian: going on with what is installed (needed: $PACKAGES)"
        return
    fi
    local missing names
    missing=$(missing_packages "$@")
    [[ -n $missing ]] || return 0
    mapfile -t names < <(cut -d' ' -f1 <<< "$missing")
    say "these Debian packages are needed and not installed:"
    printf '    %s\n' "${missing//$'\n'/$'\n    '}" >&2
    find_root
    if [[ -n $why_not ]]; then
        say "they cannot be installed from here: $why_not. As root:"
        printf '    apt-get install --no-install-recommends %s\n' "${names[*]}" >&2
        exit 69
    fi
    say "installing them and what they need (${as_root[*]:-as root,} apt-get install)"
    if ! install_packages "${names[@]}"; then
        say "apt-get could not install them; nattlab is made for Debian 12 (bookworm)"
        exit 69
    fi
}

# True while nothing that the command is built from is newer than its build. A folder becomes newer
# when a file comes or goes.
is_built()
{
    [[ -x $BUILD/nattlab && -e $BUILT && $(< "$BUILT") == "$TOP" ]] &&
        [[ -z $(find "$TOP"/{CMakeLists.txt,CMakePresets.json,cmake,model,helper,cli} \
            "$DPKG_STATUS" -newer "$BUILT" -print -quit 2> /dev/null) ]]
}

# A build folder that was made for fewer packages or at another place is configured anew.
configure() # GROUP...
{
    local configured_for="$TOP: $*" log
    if [[ -e $BUILD/build.ninja &&
        $(cat "$BUILD/configured-for" 2> /dev/null) == "$configured_for"* ]]; then
        return
    fi
    say "configuring the build in build/release"
    rm -f "$BUILD/CMakeCache.txt"
    log=$(cmake -S "$TOP" --preset release < /dev/null 2>&1) || {
        printf '%s\n' "$log" >&2
        return 1
    }
    printf '%s\n' "$configured_for" > "$BUILD/configured-for"
}

# Ninja's lines, thinned to one for each tenth of the build; what it says besides is kept.
tenths()
{
    local line tenth shown=0
    while IFS= read -r line; do
        if [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]]; then
            tenth=$((10 * BASH_REMATCH[1] / BASH_REMATCH[2]))
            if ((BASH_REMATCH[2] > 9 && tenth > shown)); then
                shown=$tenth
                say "building: ${tenth}0 % of ${BASH_REMATCH[2]} steps"
            fi
        elif [[ $line != "ninja: "[En]* && $line != "-- "* ]]; then
            printf '%s\n' "$line" >&2
        fi
    done
}

# Ninja draws its own progress on a terminal.
run_ninja() # TARGET
{
    if [[ -t 2 ]]; then
        ninja -C "$BUILD" "$1" < /dev/null >&2
    else
        (set -o pipefail && ninja -C "$BUILD" "$1" < /dev/null 2>&1 | tenths)
    fi
}

# Installs what the groups of packages lack and builds the target, one call at a time.
build() # TARGET GROUP...
{
    local target=$1
    shift
    ensure_packages "$@"
    mkdir -p "$BUILD" || exit 70
    {
        flock -n 9 || {
            say "another call is building; waiting for it"
            flock 9
        }
        printf '%s\n' "$TOP" > "$BUILT.new"
        if ! configure "$@" || ! run_ninja "$target"; then
            say "the build failed"
            exit 70
        fi
        mv "$BUILT.new" "$BUILT"
    } 9> "$BUILD.lock"
}
