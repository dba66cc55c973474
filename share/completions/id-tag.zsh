#compdef id-tag

autoload -U is-at-least

_id-tag() {
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
":: :_id-tag_commands" \
"*::: :->id-tag" \
&& ret=0
    case $state in
    (id-tag)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-tag-command-$line[1]:"
        case $line[1] in
            (plan)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--rev=[The commit whose ledger and policy are asked]:REV:_default' \
'--remote=[A remote whose tags are looked at, too\: a name or an address]:REMOTE:_default' \
'--show=[Print one tag as it would be made]:TAG:_default' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(apply)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--rev=[The commit whose ledger and policy are asked]:REV:_default' \
'--remote=[A remote whose tags are looked at, too\: a name or an address]:REMOTE:_default' \
'--sign[Sign the tags as git'\''s own configuration says (gpg or ssh); done anyway where tag.gpgSign is set]' \
'--dry-run[Make nothing, and show what would be made]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(verify)
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
'--rev=[The commit whose ledger and policy are asked]:REV:_default' \
'--remote=[A remote whose tags are looked at, too\: a name or an address]:REMOTE:_default' \
'(-v --verbose)-q[Print nothing when nothing fails]' \
'(-v --verbose)--quiet[Print nothing when nothing fails]' \
'-v[Print waived findings whole, too]' \
'--verbose[Print waived findings whole, too]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_id-tag__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-tag-help-command-$line[1]:"
        case $line[1] in
            (plan)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(apply)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(verify)
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

(( $+functions[_id-tag_commands] )) ||
_id-tag_commands() {
    local commands; commands=(
'plan:Show which tags the ledger tells of, and which are still to be made' \
'apply:Make the tags that are still to be made' \
'verify:Hold every tag to the ledger' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-tag commands' commands "$@"
}
(( $+functions[_id-tag__subcmd__apply_commands] )) ||
_id-tag__subcmd__apply_commands() {
    local commands; commands=()
    _describe -t commands 'id-tag apply commands' commands "$@"
}
(( $+functions[_id-tag__subcmd__help_commands] )) ||
_id-tag__subcmd__help_commands() {
    local commands; commands=(
'plan:Show which tags the ledger tells of, and which are still to be made' \
'apply:Make the tags that are still to be made' \
'verify:Hold every tag to the ledger' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-tag help commands' commands "$@"
}
(( $+functions[_id-tag__subcmd__help__subcmd__apply_commands] )) ||
_id-tag__subcmd__help__subcmd__apply_commands() {
    local commands; commands=()
    _describe -t commands 'id-tag help apply commands' commands "$@"
}
(( $+functions[_id-tag__subcmd__help__subcmd__help_commands] )) ||
_id-tag__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'id-tag help help commands' commands "$@"
}
(( $+functions[_id-tag__subcmd__help__subcmd__plan_commands] )) ||
_id-tag__subcmd__help__subcmd__plan_commands() {
    local commands; commands=()
    _describe -t commands 'id-tag help plan commands' commands "$@"
}
(( $+functions[_id-tag__subcmd__help__subcmd__verify_commands] )) ||
_id-tag__subcmd__help__subcmd__verify_commands() {
    local commands; commands=()
    _describe -t commands 'id-tag help verify commands' commands "$@"
}
(( $+functions[_id-tag__subcmd__plan_commands] )) ||
_id-tag__subcmd__plan_commands() {
    local commands; commands=()
    _describe -t commands 'id-tag plan commands' commands "$@"
}
(( $+functions[_id-tag__subcmd__verify_commands] )) ||
_id-tag__subcmd__verify_commands() {
    local commands; commands=()
    _describe -t commands 'id-tag verify commands' commands "$@"
}

if [ "$funcstack[1]" = "_id-tag" ]; then
    _id-tag "$@"
else
    compdef _id-tag id-tag
fi
