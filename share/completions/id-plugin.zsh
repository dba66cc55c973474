#compdef id-plugin

autoload -U is-at-least

_id-plugin() {
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
":: :_id-plugin_commands" \
"*::: :->id-plugin" \
&& ret=0
    case $state in
    (id-plugin)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-plugin-command-$line[1]:"
        case $line[1] in
            (new)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--owner=[Who answers for the artifact; without it, git'\''s user.email]:WHO:_default' \
'--path=[Where the artifact lies, from the root of the repository]:PATH:_default' \
'--key=[The key, instead of the one that the name makes]:KEY:_default' \
'--ulid=[Take a ULID that was made elsewhere, instead of making one]:ULID:_default' \
'--notes=[Anything else that the card shall say]:TEXT:_default' \
'--language=[The language of the handler]:LANGUAGE:((python\:"Python 3, with its own library alone"
rust\:"Rust, as a cargo package of its own"
typescript\:"TypeScript, as Node 22.18 and later run it"))' \
'*--operation=[An operation, as in \`render\`; may be given again]:OP:_default' \
'--description=[What the plugin is for]:TEXT:_default' \
'--license=[An SPDX licence expression]:LICENCE:_default' \
'--api=[The interface that it is made for]:NAME:_default' \
'--range=[The versions of the interface that it works with]:RANGE:_default' \
'--private[Keep the identity inside this repository]' \
'--dry-run[Show the card and write nothing]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':name -- The name that people read; key and place are made from it:_default' \
&& ret=0
;;
(generate)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--dry-run[Write nothing, and say what would be written]' \
'--diff[Write nothing, and show what would change]' \
'--check[Write nothing, and exit with 1 where something is stale]' \
'--refresh[Take the policy snapshot anew, even if the one that stands was made for this version]' \
'-h[Print help]' \
'--help[Print help]' \
'*::plugins -- The plugins, by folder or key; all of them where none is named:_default' \
&& ret=0
;;
(add-operation)
_arguments "${_arguments_options[@]}" : \
'--summary=[What it does, in a line]:TEXT:_default' \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--dry-run[Write nothing, and say what would be written]' \
'--diff[Write nothing, and show what would change]' \
'-h[Print help]' \
'--help[Print help]' \
':plugin -- The plugin, by folder or key:_default' \
':operation -- The operation'\''s name\: words of lower-case letters and digits joined by `_`:_default' \
&& ret=0
;;
(bump)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--dry-run[Write nothing, and say what would be written]' \
'--diff[Write nothing, and show what would change]' \
'-h[Print help]' \
'--help[Print help]' \
':plugin -- The plugin, by folder or key:_default' \
':to -- `major`, `minor`, `patch`, or the version itself:_default' \
&& ret=0
;;
(deprecate)
_arguments "${_arguments_options[@]}" : \
'--reason=[Why]:TEXT:_default' \
'--replaced-by=[The key of what to use instead]:KEY:_default' \
'--since=[The version from which on; today'\''s where none is given]:VERSION:_default' \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--dry-run[Write nothing, and say what would be written]' \
'--diff[Write nothing, and show what would change]' \
'-h[Print help]' \
'--help[Print help]' \
':plugin -- The plugin, by folder or key:_default' \
&& ret=0
;;
(move)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--dry-run[Write nothing, and say what would be written]' \
'--diff[Write nothing, and show what would change]' \
'-h[Print help]' \
'--help[Print help]' \
':plugin -- The plugin, by folder or key:_default' \
':to -- The new folder'\''s name:_default' \
&& ret=0
;;
(rekey)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--dry-run[Write nothing, and say what would be written]' \
'--diff[Write nothing, and show what would change]' \
'-h[Print help]' \
'--help[Print help]' \
':plugin -- The plugin, by folder or key:_default' \
':key -- The new key:_default' \
&& ret=0
;;
(consolidate)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--dry-run[Write nothing, and say what would be written]' \
'--diff[Write nothing, and show what would change]' \
'-h[Print help]' \
'--help[Print help]' \
':into -- The plugin that takes the others in, by folder or key:_default' \
'*::others -- The plugins that are taken in:_default' \
&& ret=0
;;
(list)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--json[Print them as JSON]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_id-plugin__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-plugin-help-command-$line[1]:"
        case $line[1] in
            (new)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(generate)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(add-operation)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(bump)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(deprecate)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(move)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(rekey)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(consolidate)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(list)
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

(( $+functions[_id-plugin_commands] )) ||
_id-plugin_commands() {
    local commands; commands=(
'new:Make a plugin\: its ID card, its nine artifacts, a handler that answers and tests that run' \
'generate:Make the derived files again\: manifest, contract, policy snapshot, README, health check, AUTO sections' \
'add-operation:Add an operation\: to the spec, with schemas, examples, a test, a scenario and a function' \
'bump:Raise the version' \
'deprecate:Say that a plugin is not to be used any more' \
'move:Move a plugin to another folder of \`plugins/\`' \
'rekey:Give a plugin another key; the old one stays as an alias' \
'consolidate:Let one plugin take in others\: they point to it, and it names them' \
'list:List the plugins\: key, version, status, folder, and whether their derived files are fresh' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-plugin commands' commands "$@"
}
(( $+functions[_id-plugin__subcmd__add-operation_commands] )) ||
_id-plugin__subcmd__add-operation_commands() {
    local commands; commands=()
    _describe -t commands 'id-plugin add-operation commands' commands "$@"
}
(( $+functions[_id-plugin__subcmd__bump_commands] )) ||
_id-plugin__subcmd__bump_commands() {
    local commands; commands=()
    _describe -t commands 'id-plugin bump commands' commands "$@"
}
(( $+functions[_id-plugin__subcmd__consolidate_commands] )) ||
_id-plugin__subcmd__consolidate_commands() {
    local commands; commands=()
    _describe -t commands 'id-plugin consolidate commands' commands "$@"
}
(( $+functions[_id-plugin__subcmd__deprecate_commands] )) ||
_id-plugin__subcmd__deprecate_commands() {
    local commands; commands=()
    _describe -t commands 'id-plugin deprecate commands' commands "$@"
}
(( $+functions[_id-plugin__subcmd__generate_commands] )) ||
_id-plugin__subcmd__generate_commands() {
    local commands; commands=()
    _describe -t commands 'id-plugin generate commands' commands "$@"
}
(( $+functions[_id-plugin__subcmd__help_commands] )) ||
_id-plugin__subcmd__help_commands() {
    local commands; commands=(
'new:Make a plugin\: its ID card, its nine artifacts, a handler that answers and tests that run' \
'generate:Make the derived files again\: manifest, contract, policy snapshot, README, health check, AUTO sections' \
'add-operation:Add an operation\: to the spec, with schemas, examples, a test, a scenario and a function' \
'bump:Raise the version' \
'deprecate:Say that a plugin is not to be used any more' \
'move:Move a plugin to another folder of \`plugins/\`' \
'rekey:Give a plugin another key; the old one stays as an alias' \
'consolidate:Let one plugin take in others\: they point to it, and it names them' \
'list:List the plugins\: key, version, status, folder, and whether their derived files are fresh' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-plugin help commands' commands "$@"
}
(( $+functions[_id-plugin__subcmd__help__subcmd__add-operation_commands] )) ||
_id-plugin__subcmd__help__subcmd__add-operation_commands() {
    local commands; commands=()
    _describe -t commands 'id-plugin help add-operation commands' commands "$@"
}
(( $+functions[_id-plugin__subcmd__help__subcmd__bump_commands] )) ||
_id-plugin__subcmd__help__subcmd__bump_commands() {
    local commands; commands=()
    _describe -t commands 'id-plugin help bump commands' commands "$@"
}
(( $+functions[_id-plugin__subcmd__help__subcmd__consolidate_commands] )) ||
_id-plugin__subcmd__help__subcmd__consolidate_commands() {
    local commands; commands=()
    _describe -t commands 'id-plugin help consolidate commands' commands "$@"
}
(( $+functions[_id-plugin__subcmd__help__subcmd__deprecate_commands] )) ||
_id-plugin__subcmd__help__subcmd__deprecate_commands() {
    local commands; commands=()
    _describe -t commands 'id-plugin help deprecate commands' commands "$@"
}
(( $+functions[_id-plugin__subcmd__help__subcmd__generate_commands] )) ||
_id-plugin__subcmd__help__subcmd__generate_commands() {
    local commands; commands=()
    _describe -t commands 'id-plugin help generate commands' commands "$@"
}
(( $+functions[_id-plugin__subcmd__help__subcmd__help_commands] )) ||
_id-plugin__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'id-plugin help help commands' commands "$@"
}
(( $+functions[_id-plugin__subcmd__help__subcmd__list_commands] )) ||
_id-plugin__subcmd__help__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'id-plugin help list commands' commands "$@"
}
(( $+functions[_id-plugin__subcmd__help__subcmd__move_commands] )) ||
_id-plugin__subcmd__help__subcmd__move_commands() {
    local commands; commands=()
    _describe -t commands 'id-plugin help move commands' commands "$@"
}
(( $+functions[_id-plugin__subcmd__help__subcmd__new_commands] )) ||
_id-plugin__subcmd__help__subcmd__new_commands() {
    local commands; commands=()
    _describe -t commands 'id-plugin help new commands' commands "$@"
}
(( $+functions[_id-plugin__subcmd__help__subcmd__rekey_commands] )) ||
_id-plugin__subcmd__help__subcmd__rekey_commands() {
    local commands; commands=()
    _describe -t commands 'id-plugin help rekey commands' commands "$@"
}
(( $+functions[_id-plugin__subcmd__list_commands] )) ||
_id-plugin__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'id-plugin list commands' commands "$@"
}
(( $+functions[_id-plugin__subcmd__move_commands] )) ||
_id-plugin__subcmd__move_commands() {
    local commands; commands=()
    _describe -t commands 'id-plugin move commands' commands "$@"
}
(( $+functions[_id-plugin__subcmd__new_commands] )) ||
_id-plugin__subcmd__new_commands() {
    local commands; commands=()
    _describe -t commands 'id-plugin new commands' commands "$@"
}
(( $+functions[_id-plugin__subcmd__rekey_commands] )) ||
_id-plugin__subcmd__rekey_commands() {
    local commands; commands=()
    _describe -t commands 'id-plugin rekey commands' commands "$@"
}

if [ "$funcstack[1]" = "_id-plugin" ]; then
    _id-plugin "$@"
else
    compdef _id-plugin id-plugin
fi
