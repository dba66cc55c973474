#compdef id-immutability

autoload -U is-at-least

_id-immutability() {
    typeset -A opt_args
    typeset -a _arguments_options
    local ret=1

    if is-at-least 5.2; then
        _arguments_options=(-s -S -C)
    else
        _arguments_options=(-s -C)
    fi

    local context curcontext="$curcontext" state line
    _arguments "${_arguments_options[@]}" : \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
":: :_id-immutability_commands" \
"*::: :->id-immutability" \
&& ret=0
    case $state in
    (id-immutability)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-immutability-command-$line[1]:"
        case $line[1] in
            (check)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--policy=[Judge with this policy file instead of the one on base]:FILE:_files' \
'--format=[How to print the report]:FORMAT:((human\:"For a person at a terminal"
json\:"For programs; see \`id-guard schema report\`"
sarif\:"SARIF 2.1.0, for code scanning"
github\:"GitHub annotations"
junit\:"JUnit XML"
summary\:"Markdown for a GitHub job summary"))' \
'*--report=[Write a report to a file as well, as in \`sarif=out.sarif\`; may be given several times]:FORMAT=FILE:_default' \
'--color=[When to colour]:COLOR:((auto\:"On a terminal, unless NO_COLOR is set"
always\:"Always"
never\:"Never"))' \
'--annotations-max=[The most annotations of each level that \`--format github\` prints]:N:_default' \
'--base=[The base to judge against\: a branch, a tag, a commit]:REV:_default' \
'--head=[What is judged]:REV:_default' \
'(--policy)--policy-from=[Take the policy from this revision instead of the base, as for a branch that is stacked on another one]:REV:_default' \
'(--base)--event=[Take base and head from a GitHub event file]:FILE:_files' \
'--event-name=[The event'\''s name, where it is not in GITHUB_EVENT_NAME]:NAME:_default' \
'*--coverage=[A coverage report (lcov, Cobertura) that the judged plugins are held to; may be given several times]:FILE:_files' \
'(-v --verbose)-q[Print nothing when nothing fails]' \
'(-v --verbose)--quiet[Print nothing when nothing fails]' \
'-v[Print waived findings whole, too]' \
'--verbose[Print waived findings whole, too]' \
'(--head --worktree --pre-push --event)--staged[Judge the index, as the next commit]' \
'(--head --pre-push --event)--worktree[Judge the working tree, as the next commit]' \
'--per-commit[Judge each commit of the range as well, so that an edit that was taken back shows]' \
'--pushed[Judge the mainline itself, as it is pushed, and not a change that is still to be merged; push events and pre-push lines say so]' \
'(--base --head --event)--pre-push[Read what is pushed from standard input, as git'\''s pre-push hook gets it]' \
'--explain-base[Say which base was chosen and why, and judge nothing]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(audit)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--policy=[Judge with this policy file instead of the one on base]:FILE:_files' \
'--format=[How to print the report]:FORMAT:((human\:"For a person at a terminal"
json\:"For programs; see \`id-guard schema report\`"
sarif\:"SARIF 2.1.0, for code scanning"
github\:"GitHub annotations"
junit\:"JUnit XML"
summary\:"Markdown for a GitHub job summary"))' \
'*--report=[Write a report to a file as well, as in \`sarif=out.sarif\`; may be given several times]:FORMAT=FILE:_default' \
'--color=[When to colour]:COLOR:((auto\:"On a terminal, unless NO_COLOR is set"
always\:"Always"
never\:"Never"))' \
'--annotations-max=[The most annotations of each level that \`--format github\` prints]:N:_default' \
'--head=[The commit whose history is judged]:REV:_default' \
'--since=[Judge only commits behind this one]:REV:_default' \
'--cache=[Where to keep what the next audit can go on from]:DIR:_files' \
'(-v --verbose)-q[Print nothing when nothing fails]' \
'(-v --verbose)--quiet[Print nothing when nothing fails]' \
'-v[Print waived findings whole, too]' \
'--verbose[Print waived findings whole, too]' \
'--all-parents[Follow every parent of a merge, not only the first]' \
'--verify-objects[Read whole objects and hash each again, instead of trusting the pack'\''s deltas]' \
'(--cache)--no-cache[Begin at the root, and keep nothing]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_id-immutability__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-immutability-help-command-$line[1]:"
        case $line[1] in
            (check)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(audit)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
}

(( $+functions[_id-immutability_commands] )) ||
_id-immutability_commands() {
    local commands; commands=(
'check:Judge what a change does to what stands' \
'audit:Judge what a whole history did to what stood' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-immutability commands' commands "$@"
}
(( $+functions[_id-immutability__subcmd__audit_commands] )) ||
_id-immutability__subcmd__audit_commands() {
    local commands; commands=()
    _describe -t commands 'id-immutability audit commands' commands "$@"
}
(( $+functions[_id-immutability__subcmd__check_commands] )) ||
_id-immutability__subcmd__check_commands() {
    local commands; commands=()
    _describe -t commands 'id-immutability check commands' commands "$@"
}
(( $+functions[_id-immutability__subcmd__help_commands] )) ||
_id-immutability__subcmd__help_commands() {
    local commands; commands=(
'check:Judge what a change does to what stands' \
'audit:Judge what a whole history did to what stood' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-immutability help commands' commands "$@"
}
(( $+functions[_id-immutability__subcmd__help__subcmd__audit_commands] )) ||
_id-immutability__subcmd__help__subcmd__audit_commands() {
    local commands; commands=()
    _describe -t commands 'id-immutability help audit commands' commands "$@"
}
(( $+functions[_id-immutability__subcmd__help__subcmd__check_commands] )) ||
_id-immutability__subcmd__help__subcmd__check_commands() {
    local commands; commands=()
    _describe -t commands 'id-immutability help check commands' commands "$@"
}
(( $+functions[_id-immutability__subcmd__help__subcmd__help_commands] )) ||
_id-immutability__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'id-immutability help help commands' commands "$@"
}

if [ "$funcstack[1]" = "_id-immutability" ]; then
    _id-immutability "$@"
else
    compdef _id-immutability id-immutability
fi
