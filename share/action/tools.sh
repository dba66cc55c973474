#!/usr/bin/env bash
# Finds the tools that the Action runs, and prints their directory: the named one; a build, if the Action runs from its own repository; else
# a release whose SHA-256 is listed beside this script. A mismatch is an error; the script has no fallback.
#
# Locally: ACTION_PATH=. GITHUB_WORKSPACE=. share/action/tools.sh
set -euo pipefail

# The check could not run. Prints only messages of this script, no text from outside.
refuse() {
    printf '::error title=id-guard cannot start::%s\n' "$1" >&2
    if [ -n "${GITHUB_OUTPUT:-}" ]; then
        printf 'verdict=error\n' >>"$GITHUB_OUTPUT"
    fi
    exit 2
}

[ -d "${ACTION_PATH:-}" ] || refuse "ACTION_PATH does not name the directory of the Action"
action=$(cd "$ACTION_PATH" && pwd -P)

if [ -n "${INPUT_BIN:-}" ]; then
    [ -x "$INPUT_BIN/id-guard" ] || refuse "the directory of the input bin contains no program id-guard"
    (cd "$INPUT_BIN" && pwd -P)
    exit
fi

# The Action of the checked-out repository itself (uses: ./): build it from source.
workspace=$(cd "${GITHUB_WORKSPACE:-/nonexistent}" 2>/dev/null && pwd -P || true)
case "$action/" in
    "${workspace:-/nonexistent}"/*)
        if [ -z "${INPUT_VERSION:-}" ] && [ -f "$action/Cargo.toml" ]; then
            command -v cargo >/dev/null || refuse "the Action runs from its own repository, but cargo is not installed"
            cargo build --release --locked --package id-guard --manifest-path "$action/Cargo.toml" >&2 ||
                refuse "the Action runs from its own repository, but the build failed"
            printf '%s/release\n' "${CARGO_TARGET_DIR:-$action/target}"
            exit
        fi
        ;;
esac

case "$(uname -s)-$(uname -m)" in
    Linux-x86_64 | Linux-amd64) cpu=x86_64 system=unknown-linux-gnu ;;
    Linux-aarch64 | Linux-arm64) cpu=aarch64 system=unknown-linux-gnu ;;
    Darwin-x86_64) cpu=x86_64 system=apple-darwin ;;
    Darwin-arm64) cpu=aarch64 system=apple-darwin ;;
    MINGW*-x86_64 | MSYS*-x86_64) cpu=x86_64 system=pc-windows-msvc ;;
    *) refuse "no release exists for this system: set the input bin to the directory of your own build" ;;
esac
if [ "$system" = unknown-linux-gnu ] && ! getconf GNU_LIBC_VERSION >/dev/null 2>&1; then
    # Not glibc: the static build runs with every C library.
    system=unknown-linux-musl
fi

version=${INPUT_VERSION:-}
case "$version" in
    *[!0-9A-Za-z.+-]*) refuse "the input version is not a valid version" ;;
esac
hash='' name='' from=''
while read -r listed file || [ -n "$listed" ]; do
    of=${file#id-guard-}
    of=${of%"-$cpu-$system.tar.gz"}
    if [ "$file" = "id-guard-$of-$cpu-$system.tar.gz" ] && [ "$of" = "${version:-$of}" ]; then
        hash=$listed name=$file from=idmod-$of
    fi
done <"$action/share/action/assets.sha256"
[ -n "$name" ] || refuse "this commit of the Action lists no such release for this system ($cpu-$system): pin another commit, or set the input bin to the directory of your own build"

temporary=${RUNNER_TEMP:-${TMPDIR:-/tmp}}
if command -v cygpath >/dev/null; then
    # tar reads the colon of a Windows path as the end of a host name.
    temporary=$(cygpath -u "$temporary")
fi
place=$(mktemp -d "$temporary/id-guard-tools.XXXXXX")
if [ -n "${ID_GUARD_MIRROR:-}" ] && [ -d "$ID_GUARD_MIRROR" ]; then
    cp "$ID_GUARD_MIRROR/$name" "$place/$name" || refuse "the mirror does not contain the release"
else
    case "${ACTION_REPOSITORY:-}" in
        */*/* | *[!0-9A-Za-z._/-]* | /* | */) refuse "the repository of the Action is unknown" ;;
        */*) ;;
        *) refuse "the repository of the Action is unknown" ;;
    esac
    from=${ID_GUARD_MIRROR:-${GITHUB_SERVER_URL:-https://github.com}/$ACTION_REPOSITORY/releases/download/$from}
    curl --fail --silent --show-error --location --proto '=https' --retry 3 --max-time 300 --max-filesize 268435456 \
        --output "$place/$name" "$from/$name" || refuse "the release cannot be downloaded"
fi

if command -v sha256sum >/dev/null; then
    found=$(sha256sum <"$place/$name")
else
    found=$(shasum -a 256 <"$place/$name")
fi
[ "${found%% *}" = "$hash" ] || refuse "the SHA-256 of the downloaded release differs from the one listed in this commit of the Action"
tar -xzf "$place/$name" -C "$place"
printf '%s\n' "$place/${name%.tar.gz}"
