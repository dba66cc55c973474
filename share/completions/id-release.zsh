#compdef id-release

autoload -U is-at-least

_id-release() {
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
":: :_id-release_commands" \
"*::: :->id-release" \
&& ret=0
    case $state in
    (id-release)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-release-command-$line[1]:"
        case $line[1] in
            (pack)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--rev=[The commit whose ledger is asked]:REV:_default' \
'--out=[The folder that takes a folder of each tag]:DIR:_files' \
'-h[Print help]' \
'--help[Print help]' \
'*::tags -- The tags:_default' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_id-release__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-release-help-command-$line[1]:"
        case $line[1] in
            (pack)
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

(( $+functions[_id-release_commands] )) ||
_id-release_commands() {
    local commands; commands=(
'pack:Pack the plugins that tags publish\: what the ledger tells of, and nothing else' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-release commands' commands "$@"
}
(( $+functions[_id-release__subcmd__help_commands] )) ||
_id-release__subcmd__help_commands() {
    local commands; commands=(
'pack:Pack the plugins that tags publish\: what the ledger tells of, and nothing else' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-release help commands' commands "$@"
}
(( $+functions[_id-release__subcmd__help__subcmd__help_commands] )) ||
_id-release__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'id-release help help commands' commands "$@"
}
(( $+functions[_id-release__subcmd__help__subcmd__pack_commands] )) ||
_id-release__subcmd__help__subcmd__pack_commands() {
    local commands; commands=()
    _describe -t commands 'id-release help pack commands' commands "$@"
}
(( $+functions[_id-release__subcmd__pack_commands] )) ||
_id-release__subcmd__pack_commands() {
    local commands; commands=()
    _describe -t commands 'id-release pack commands' commands "$@"
}

if [ "$funcstack[1]" = "_id-release" ]; then
    _id-release "$@"
else
    compdef _id-release id-release
fi
