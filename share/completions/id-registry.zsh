#compdef id-registry

autoload -U is-at-least

_id-registry() {
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
":: :_id-registry_commands" \
"*::: :->id-registry" \
&& ret=0
    case $state in
    (id-registry)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-registry-command-$line[1]:"
        case $line[1] in
            (build)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--at=[Ask a commit instead of the working tree]:REV:_default' \
'--check[Write nothing; fail and show the difference where the file is not what its sources make]' \
'--full[Read every source again, whatever an earlier run knew]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(get)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--at=[Ask a commit instead of the working tree]:REV:_default' \
'--json[Print JSON]' \
'-h[Print help]' \
'--help[Print help]' \
':name -- A ULID, a key (of today, of once, or an alias), or a path:_default' \
&& ret=0
;;
(find)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--at=[Ask a commit instead of the working tree]:REV:_default' \
'--kind=[Only of this kind]:KIND:((plugin\:"A plugin"
document\:"A document"
module\:"A module"
policy-pack\:"A policy pack"))' \
'--status=[Only with this status]:STATUS:((active\:"It is used"
deprecated\:"It is not to be relied on any more"
consolidated\:"It went into another one"
retired\:"It is gone"))' \
'--owner=[Only of this owner]:WHO:_default' \
'--format=[How to print them]:FORMAT:((table\:"For a person at a terminal"
json\:"An array of identities"
csv\:"RFC 4180, for spreadsheets"
md\:"A Markdown table"))' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':text -- The text, however it is cased:_default' \
&& ret=0
;;
(list)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--at=[Ask a commit instead of the working tree]:REV:_default' \
'--kind=[Only of this kind]:KIND:((plugin\:"A plugin"
document\:"A document"
module\:"A module"
policy-pack\:"A policy pack"))' \
'--status=[Only with this status]:STATUS:((active\:"It is used"
deprecated\:"It is not to be relied on any more"
consolidated\:"It went into another one"
retired\:"It is gone"))' \
'--owner=[Only of this owner]:WHO:_default' \
'--format=[How to print them]:FORMAT:((table\:"For a person at a terminal"
json\:"An array of identities"
csv\:"RFC 4180, for spreadsheets"
md\:"A Markdown table"))' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(diff)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--json[Print JSON]' \
'-h[Print help]' \
'--help[Print help]' \
':from -- The earlier commit:_default' \
':to -- The later commit:_default' \
&& ret=0
;;
(log)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--at=[Ask a commit instead of the working tree]:REV:_default' \
'--json[Print the lines as they stand]' \
'-h[Print help]' \
'--help[Print help]' \
':name -- A ULID, a key (of today, of once, or an alias), or a path:_default' \
&& ret=0
;;
(at)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'-h[Print help]' \
'--help[Print help]' \
':rev -- The commit:_default' \
&& ret=0
;;
(export)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--at=[Ask a commit instead of the working tree]:REV:_default' \
'--out=[The file; without it, standard output]:FILE:_files' \
'--force[Replace the file, where there is one]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':format -- The form:((json\:"The same document as the YAML"
csv\:"RFC 4180, a row an identity"
md\:"A Markdown table"
sqlite\:"A SQLite database with indexes"))' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_id-registry__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-registry-help-command-$line[1]:"
        case $line[1] in
            (build)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(get)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(find)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(list)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(diff)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(log)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(at)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(export)
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

(( $+functions[_id-registry_commands] )) ||
_id-registry_commands() {
    local commands; commands=(
'build:Make ids/registry.yaml of cards, specs and ledger, or hold it to them' \
'get:Show one identity\: by its ULID, a key that it has or had, or its path' \
'find:Find identities whose ULID, keys, path or owner hold a text' \
'list:List identities' \
'diff:Tell what happened to identities between two commits' \
'log:Show what the ledger tells of one identity' \
'at:Print the registry of a commit' \
'export:Write the registry for other tools' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-registry commands' commands "$@"
}
(( $+functions[_id-registry__subcmd__at_commands] )) ||
_id-registry__subcmd__at_commands() {
    local commands; commands=()
    _describe -t commands 'id-registry at commands' commands "$@"
}
(( $+functions[_id-registry__subcmd__build_commands] )) ||
_id-registry__subcmd__build_commands() {
    local commands; commands=()
    _describe -t commands 'id-registry build commands' commands "$@"
}
(( $+functions[_id-registry__subcmd__diff_commands] )) ||
_id-registry__subcmd__diff_commands() {
    local commands; commands=()
    _describe -t commands 'id-registry diff commands' commands "$@"
}
(( $+functions[_id-registry__subcmd__export_commands] )) ||
_id-registry__subcmd__export_commands() {
    local commands; commands=()
    _describe -t commands 'id-registry export commands' commands "$@"
}
(( $+functions[_id-registry__subcmd__find_commands] )) ||
_id-registry__subcmd__find_commands() {
    local commands; commands=()
    _describe -t commands 'id-registry find commands' commands "$@"
}
(( $+functions[_id-registry__subcmd__get_commands] )) ||
_id-registry__subcmd__get_commands() {
    local commands; commands=()
    _describe -t commands 'id-registry get commands' commands "$@"
}
(( $+functions[_id-registry__subcmd__help_commands] )) ||
_id-registry__subcmd__help_commands() {
    local commands; commands=(
'build:Make ids/registry.yaml of cards, specs and ledger, or hold it to them' \
'get:Show one identity\: by its ULID, a key that it has or had, or its path' \
'find:Find identities whose ULID, keys, path or owner hold a text' \
'list:List identities' \
'diff:Tell what happened to identities between two commits' \
'log:Show what the ledger tells of one identity' \
'at:Print the registry of a commit' \
'export:Write the registry for other tools' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-registry help commands' commands "$@"
}
(( $+functions[_id-registry__subcmd__help__subcmd__at_commands] )) ||
_id-registry__subcmd__help__subcmd__at_commands() {
    local commands; commands=()
    _describe -t commands 'id-registry help at commands' commands "$@"
}
(( $+functions[_id-registry__subcmd__help__subcmd__build_commands] )) ||
_id-registry__subcmd__help__subcmd__build_commands() {
    local commands; commands=()
    _describe -t commands 'id-registry help build commands' commands "$@"
}
(( $+functions[_id-registry__subcmd__help__subcmd__diff_commands] )) ||
_id-registry__subcmd__help__subcmd__diff_commands() {
    local commands; commands=()
    _describe -t commands 'id-registry help diff commands' commands "$@"
}
(( $+functions[_id-registry__subcmd__help__subcmd__export_commands] )) ||
_id-registry__subcmd__help__subcmd__export_commands() {
    local commands; commands=()
    _describe -t commands 'id-registry help export commands' commands "$@"
}
(( $+functions[_id-registry__subcmd__help__subcmd__find_commands] )) ||
_id-registry__subcmd__help__subcmd__find_commands() {
    local commands; commands=()
    _describe -t commands 'id-registry help find commands' commands "$@"
}
(( $+functions[_id-registry__subcmd__help__subcmd__get_commands] )) ||
_id-registry__subcmd__help__subcmd__get_commands() {
    local commands; commands=()
    _describe -t commands 'id-registry help get commands' commands "$@"
}
(( $+functions[_id-registry__subcmd__help__subcmd__help_commands] )) ||
_id-registry__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'id-registry help help commands' commands "$@"
}
(( $+functions[_id-registry__subcmd__help__subcmd__list_commands] )) ||
_id-registry__subcmd__help__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'id-registry help list commands' commands "$@"
}
(( $+functions[_id-registry__subcmd__help__subcmd__log_commands] )) ||
_id-registry__subcmd__help__subcmd__log_commands() {
    local commands; commands=()
    _describe -t commands 'id-registry help log commands' commands "$@"
}
(( $+functions[_id-registry__subcmd__list_commands] )) ||
_id-registry__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'id-registry list commands' commands "$@"
}
(( $+functions[_id-registry__subcmd__log_commands] )) ||
_id-registry__subcmd__log_commands() {
    local commands; commands=()
    _describe -t commands 'id-registry log commands' commands "$@"
}

if [ "$funcstack[1]" = "_id-registry" ]; then
    _id-registry "$@"
else
    compdef _id-registry id-registry
fi
