#compdef id-mint

autoload -U is-at-least

_id-mint() {
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
":: :_id-mint_commands" \
"*::: :->id-mint" \
&& ret=0
    case $state in
    (id-mint)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-mint-command-$line[1]:"
        case $line[1] in
            (plugin)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--owner=[Who answers for the artifact; without it, git'\''s user.email]:WHO:_default' \
'--path=[Where the artifact lies, from the root of the repository]:PATH:_default' \
'--key=[The key, instead of the one that the name makes]:KEY:_default' \
'--ulid=[Take a ULID that was made elsewhere, instead of making one]:ULID:_default' \
'--notes=[Anything else that the card shall say]:TEXT:_default' \
'--private[Keep the identity inside this repository]' \
'--dry-run[Show the card and write nothing]' \
'-h[Print help]' \
'--help[Print help]' \
':name -- The name that people read; key and place are made from it:_default' \
&& ret=0
;;
(document)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--owner=[Who answers for the artifact; without it, git'\''s user.email]:WHO:_default' \
'--path=[Where the artifact lies, from the root of the repository]:PATH:_default' \
'--key=[The key, instead of the one that the name makes]:KEY:_default' \
'--ulid=[Take a ULID that was made elsewhere, instead of making one]:ULID:_default' \
'--notes=[Anything else that the card shall say]:TEXT:_default' \
'--private[Keep the identity inside this repository]' \
'--dry-run[Show the card and write nothing]' \
'-h[Print help]' \
'--help[Print help]' \
':name -- The name that people read; key and place are made from it:_default' \
&& ret=0
;;
(pack)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--owner=[Who answers for the artifact; without it, git'\''s user.email]:WHO:_default' \
'--path=[Where the artifact lies, from the root of the repository]:PATH:_default' \
'--key=[The key, instead of the one that the name makes]:KEY:_default' \
'--ulid=[Take a ULID that was made elsewhere, instead of making one]:ULID:_default' \
'--notes=[Anything else that the card shall say]:TEXT:_default' \
'--private[Keep the identity inside this repository]' \
'--dry-run[Show the card and write nothing]' \
'-h[Print help]' \
'--help[Print help]' \
':name -- The name that people read; key and place are made from it:_default' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_id-mint__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-mint-help-command-$line[1]:"
        case $line[1] in
            (plugin)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(document)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
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

(( $+functions[_id-mint_commands] )) ||
_id-mint_commands() {
    local commands; commands=(
'plugin:Mint the identity of a plugin' \
'document:Mint the identity of a document\: Markdown with front matter' \
'pack:Mint the identity of a policy pack' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-mint commands' commands "$@"
}
(( $+functions[_id-mint__subcmd__document_commands] )) ||
_id-mint__subcmd__document_commands() {
    local commands; commands=()
    _describe -t commands 'id-mint document commands' commands "$@"
}
(( $+functions[_id-mint__subcmd__help_commands] )) ||
_id-mint__subcmd__help_commands() {
    local commands; commands=(
'plugin:Mint the identity of a plugin' \
'document:Mint the identity of a document\: Markdown with front matter' \
'pack:Mint the identity of a policy pack' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-mint help commands' commands "$@"
}
(( $+functions[_id-mint__subcmd__help__subcmd__document_commands] )) ||
_id-mint__subcmd__help__subcmd__document_commands() {
    local commands; commands=()
    _describe -t commands 'id-mint help document commands' commands "$@"
}
(( $+functions[_id-mint__subcmd__help__subcmd__help_commands] )) ||
_id-mint__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'id-mint help help commands' commands "$@"
}
(( $+functions[_id-mint__subcmd__help__subcmd__pack_commands] )) ||
_id-mint__subcmd__help__subcmd__pack_commands() {
    local commands; commands=()
    _describe -t commands 'id-mint help pack commands' commands "$@"
}
(( $+functions[_id-mint__subcmd__help__subcmd__plugin_commands] )) ||
_id-mint__subcmd__help__subcmd__plugin_commands() {
    local commands; commands=()
    _describe -t commands 'id-mint help plugin commands' commands "$@"
}
(( $+functions[_id-mint__subcmd__pack_commands] )) ||
_id-mint__subcmd__pack_commands() {
    local commands; commands=()
    _describe -t commands 'id-mint pack commands' commands "$@"
}
(( $+functions[_id-mint__subcmd__plugin_commands] )) ||
_id-mint__subcmd__plugin_commands() {
    local commands; commands=()
    _describe -t commands 'id-mint plugin commands' commands "$@"
}

if [ "$funcstack[1]" = "_id-mint" ]; then
    _id-mint "$@"
else
    compdef _id-mint id-mint
fi
