#compdef id-structure

autoload -U is-at-least

_id-structure() {
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
":: :_id-structure_commands" \
"*::: :->id-structure" \
&& ret=0
    case $state in
    (id-structure)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-structure-command-$line[1]:"
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
'--base=[Judge only what the change since this base touches]:REV:_default' \
'(--staged)--head=[Judge a commit instead of the working tree]:REV:_default' \
'*--coverage=[A coverage report (lcov, Cobertura) that the plugins are held to; may be given several times]:FILE:_files' \
'(-v --verbose)-q[Print nothing when nothing fails]' \
'(-v --verbose)--quiet[Print nothing when nothing fails]' \
'-v[Print waived findings whole, too]' \
'--verbose[Print waived findings whole, too]' \
'--staged[Judge the index instead of the working tree]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_id-structure__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-structure-help-command-$line[1]:"
        case $line[1] in
            (check)
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

(( $+functions[_id-structure_commands] )) ||
_id-structure_commands() {
    local commands; commands=(
'check:Judge the artifacts\: all of them, or with a base those that a change touches' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-structure commands' commands "$@"
}
(( $+functions[_id-structure__subcmd__check_commands] )) ||
_id-structure__subcmd__check_commands() {
    local commands; commands=()
    _describe -t commands 'id-structure check commands' commands "$@"
}
(( $+functions[_id-structure__subcmd__help_commands] )) ||
_id-structure__subcmd__help_commands() {
    local commands; commands=(
'check:Judge the artifacts\: all of them, or with a base those that a change touches' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-structure help commands' commands "$@"
}
(( $+functions[_id-structure__subcmd__help__subcmd__check_commands] )) ||
_id-structure__subcmd__help__subcmd__check_commands() {
    local commands; commands=()
    _describe -t commands 'id-structure help check commands' commands "$@"
}
(( $+functions[_id-structure__subcmd__help__subcmd__help_commands] )) ||
_id-structure__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'id-structure help help commands' commands "$@"
}

if [ "$funcstack[1]" = "_id-structure" ]; then
    _id-structure "$@"
else
    compdef _id-structure id-structure
fi
