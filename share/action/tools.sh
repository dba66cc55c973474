#!/usr/bin/env bash
# Finds the tools that the Action runs, and prints the folder that holds them: the one that was named; a build, where the Action runs from
# its own repository; else a release whose SHA-256 stands beside this script. What does not fit is an error: nothing falls back.
#
# At a desk: ACTION_PATH=. GITHUB_WORKSPACE=. share/action/tools.sh
set -euo pipefail

# Could not judge. The words are this script's own: what somebody else wrote is not printed.
refuse() {
    printf '::error title=id-guard cannot start::%s\n' "$1" >&2
    if [ -n "${GITHUB_OUTPUT:-}" ]; then
        printf 'verdict=error\n' >>"$GITHUB_OUTPUT"
    fi
    exit 2
}

[ -d "${ACTION_PATH:-}" ] || refuse "ACTION_PATH does not name the folder of the Action"
action=$(cd "$ACTION_PATH" && pwd -P)

if [ -n "${INPUT_BIN:-}" ]; then
    [ -x "$INPUT_BIN/id-guard" ] || refuse "the folder that the input bin names holds no program id-guard"
    (cd "$INPUT_BIN" && pwd -P)
    exit
fi

# The Action as the checked-out repository has it (uses: ./): its source is what is to run.
workspace=$(cd "${GITHUB_WORKSPACE:-/nonexistent}" 2>/dev/null && pwd -P || true)
case "$action/" in
    "${workspace:-/nonexistent}"/*)
        if [ -z "${INPUT_VERSION:-}" ] && [ -f "$action/Cargo.toml" ]; then
            command -v cargo >/dev/null || refuse "the Action runs from its own repository, and there is no cargo to build it"
            cargo build --release --locked --package id-guard --manifest-path "$action/Cargo.toml" >&2 ||
                refuse "the Action runs from its own repository, and the build failed"
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
    *) refuse "there are no tools for this system: name a folder with your own build in the input bin" ;;
esac
if [ "$system" = unknown-linux-gnu ] && ! getconf GNU_LIBC_VERSION >/dev/null 2>&1; then
    # Another C library than glibc: the static build runs everywhere.
    system=unknown-linux-musl
fi

version=${INPUT_VERSION:-}
case "$version" in
    *[!0-9A-Za-z.+-]*) refuse "the input version is no version" ;;
esac
hash='' name='' from=''
while read -r listed file || [ -n "$listed" ]; do
    of=${file#id-guard-}
    of=${of%"-$cpu-$system.tar.gz"}
    if [ "$file" = "id-guard-$of-$cpu-$system.tar.gz" ] && [ "$of" = "${version:-$of}" ]; then
        hash=$listed name=$file from=idmod-$of
    fi
done <"$action/share/action/assets.sha256"
[ -n "$name" ] || refuse "this commit of the Action knows no such release for this system ($cpu-$system): pin another commit, or build the tools and name their folder in the input bin"

place=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/id-guard-tools.XXXXXX")
if [ -n "${ID_GUARD_MIRROR:-}" ] && [ -d "$ID_GUARD_MIRROR" ]; then
    cp "$ID_GUARD_MIRROR/$name" "$place/$name" || refuse "the mirror does not hold the release"
else
    case "${ACTION_REPOSITORY:-}" in
        */*/* | *[!0-9A-Za-z._/-]* | /* | */) refuse "it is not known which repository the Action comes from" ;;
        */*) ;;
        *) refuse "it is not known which repository the Action comes from" ;;
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
[ "${found%% *}" = "$hash" ] || refuse "the release that was downloaded is not the one that this commit of the Action knows: its SHA-256 differs"
tar -xzf "$place/$name" -C "$place"
printf '%s\n' "$place/${name%.tar.gz}"
