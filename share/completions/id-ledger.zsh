#compdef id-ledger

autoload -U is-at-least

_id-ledger() {
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
":: :_id-ledger_commands" \
"*::: :->id-ledger" \
&& ret=0
    case $state in
    (id-ledger)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-ledger-command-$line[1]:"
        case $line[1] in
            (record)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--head=[The commit up to which the mainline is recorded]:REV:_default' \
'--origin=[The log'\''s name, for a ledger that begins; without it, \`ledger.origin\` of the policy]:NAME:_default' \
'--key-file=[The file of the key that signs the log; without it, the variable ID_GUARD_LOG_KEY holds the key itself]:FILE:_files' \
'--seal[Close with a seal\: the state of every identity as one hash, against which presence and absence can be proved]' \
'--dry-run[Write nothing, and show the lines that would be written]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(append)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--reason=[Why it is done by hand]:TEXT:_default' \
'--by=[Who does it; without it, git'\''s user.email]:WHO:_default' \
'--att=[An attestation (a DSSE envelope) that stands behind it; it is copied into .ledger/att]:FILE:_files' \
'--key-file=[The file of the key that signs the log; without it, the variable ID_GUARD_LOG_KEY holds the key itself]:FILE:_files' \
'--request[Write a request into .ledger/pending instead, to be recorded once it is merged]' \
'--dry-run[Write nothing, and show the line that would be written]' \
'-h[Print help]' \
'--help[Print help]' \
':event -- What happened, as in `yank` or `transfer`:_default' \
':identity -- The identity\: its ULID or its key:_default' \
'*::fields -- The event'\''s own fields, as in `version=1.2.0`; what the ledger knows already may be left out:_default' \
&& ret=0
;;
(log)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--rev=[Read the ledger of a commit instead of the working tree'\''s]:REV:_default' \
'--json[Print the lines as they stand]' \
'-h[Print help]' \
'--help[Print help]' \
'::identity -- The identity\: its ULID or a key that it has or had:_default' \
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
'--rev=[Verify the ledger of a commit instead of the working tree'\''s]:REV:_default' \
'--trust=[Believe the checkpoint only as this policy says (C2SP tlog-policy)]:FILE:_files' \
'--evidence=[Where a log that tells two stories is written down\: both checkpoints as they were signed, and the root that this ledger has at the earlier one]:FILE:_files' \
'*--since=[An earlier checkpoint that this ledger must continue; may be given several times]:FILE:_files' \
'(-v --verbose)-q[Print nothing when nothing fails]' \
'(-v --verbose)--quiet[Print nothing when nothing fails]' \
'-v[Print waived findings whole, too]' \
'--verbose[Print waived findings whole, too]' \
'--rederive[Derive every line again from the history, and demand the same bytes]' \
'--pin[Remember the checkpoint once all is well\: every later one must continue it. What is remembered is always held against]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(prove)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'(--state)--line=[Prove this line, counted from 1]:N:_default' \
'--out=[Write the proof to a file]:FILE:_files' \
'--state[Prove what the last seal says of the identity\: what it was then, or that it was not there]' \
'-h[Print help]' \
'--help[Print help]' \
'::identity -- The identity\: its ULID or key; its last line is proved, with `@VERSION` the one that published that version:_default' \
&& ret=0
;;
(verify-proof)
_arguments "${_arguments_options[@]}" : \
'--artifact=[The file or directory that the proven line is about]:PATH:_files' \
'(--trust)--key=[The log'\''s key]:KEY:_default' \
'--trust=[Whom to trust (C2SP tlog-policy)]:FILE:_files' \
'-h[Print help]' \
'--help[Print help]' \
':proof -- The proof:_files' \
&& ret=0
;;
(checkpoint)
_arguments "${_arguments_options[@]}" : \
'-h[Print help]' \
'--help[Print help]' \
":: :_id-ledger__subcmd__checkpoint_commands" \
"*::: :->checkpoint" \
&& ret=0

    case $state in
    (checkpoint)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-ledger-checkpoint-command-$line[1]:"
        case $line[1] in
            (show)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(root)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(prove)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--since=[The earlier checkpoint\: its file, or its size]:FILE|SIZE:_default' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(verify)
_arguments "${_arguments_options[@]}" : \
'(--trust)--key=[The log'\''s key]:KEY:_default' \
'--trust=[Whom to trust (C2SP tlog-policy)]:FILE:_files' \
'-h[Print help]' \
'--help[Print help]' \
':old -- The earlier checkpoint:_files' \
':new -- The later one:_files' \
':proof -- The proof:_files' \
&& ret=0
;;
(cosign)
_arguments "${_arguments_options[@]}" : \
'--key=[The log'\''s key]:KEY:_default' \
'--key-file=[The witness'\''s private key]:FILE:_files' \
'--proof=[The consistency proof from the checkpoint that this witness vouched for last]:FILE:_files' \
'--out=[Write the cosigned checkpoint to a file\: as a rule the one that it was read from]:FILE:_files' \
'-h[Print help]' \
'--help[Print help]' \
':checkpoint -- The checkpoint, signed by its log:_files' \
&& ret=0
;;
(renew)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--key-file=[The file of the key that signs the log; without it, the variable ID_GUARD_LOG_KEY holds the key itself]:FILE:_files' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_id-ledger__subcmd__checkpoint__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-ledger-checkpoint-help-command-$line[1]:"
        case $line[1] in
            (show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(root)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(prove)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(verify)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(cosign)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(renew)
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
;;
(key)
_arguments "${_arguments_options[@]}" : \
'-h[Print help]' \
'--help[Print help]' \
":: :_id-ledger__subcmd__key_commands" \
"*::: :->key" \
&& ret=0

    case $state in
    (key)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-ledger-key-command-$line[1]:"
        case $line[1] in
            (generate)
_arguments "${_arguments_options[@]}" : \
'--out=[The file; it must not be there yet]:FILE:_files' \
'--witness[Make the key of a witness]' \
'-h[Print help]' \
'--help[Print help]' \
':name -- The key'\''s name\: of a log its origin, of a witness its own:_default' \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
'-h[Print help]' \
'--help[Print help]' \
':file -- The file of the private key:_files' \
&& ret=0
;;
(rotate)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--key-file=[The file of the key that signs the log; without it, the variable ID_GUARD_LOG_KEY holds the key itself]:FILE:_files' \
'--new-key-file=[The key that shall sign it]:FILE:_files' \
'--reason=[Why]:TEXT:_default' \
'--att=[An attestation (a DSSE envelope) that stands behind it]:FILE:_files' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_id-ledger__subcmd__key__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-ledger-key-help-command-$line[1]:"
        case $line[1] in
            (generate)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(rotate)
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
;;
(pin)
_arguments "${_arguments_options[@]}" : \
'-h[Print help]' \
'--help[Print help]' \
":: :_id-ledger__subcmd__pin_commands" \
"*::: :->pin" \
&& ret=0

    case $state in
    (pin)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-ledger-pin-command-$line[1]:"
        case $line[1] in
            (show)
_arguments "${_arguments_options[@]}" : \
'-h[Print help]' \
'--help[Print help]' \
':origin -- The log'\''s name:_default' \
&& ret=0
;;
(forget)
_arguments "${_arguments_options[@]}" : \
'-h[Print help]' \
'--help[Print help]' \
':origin -- The log'\''s name:_default' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_id-ledger__subcmd__pin__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-ledger-pin-help-command-$line[1]:"
        case $line[1] in
            (show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(forget)
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
;;
(tiles)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--from=[The size that was written before\: full tiles of it are left alone]:SIZE:_default' \
'-h[Print help]' \
'--help[Print help]' \
':out -- The folder that the tiles and the checkpoint go to:_files' \
&& ret=0
;;
(merge-driver)
_arguments "${_arguments_options[@]}" : \
'-h[Print help]' \
'--help[Print help]' \
':base -- The common ancestor'\''s version:_files' \
':ours -- Our version; the merged one is written here:_files' \
':theirs -- Their version:_files' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_id-ledger__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-ledger-help-command-$line[1]:"
        case $line[1] in
            (record)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(append)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(log)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(verify)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(prove)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(verify-proof)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(checkpoint)
_arguments "${_arguments_options[@]}" : \
":: :_id-ledger__subcmd__help__subcmd__checkpoint_commands" \
"*::: :->checkpoint" \
&& ret=0

    case $state in
    (checkpoint)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-ledger-help-checkpoint-command-$line[1]:"
        case $line[1] in
            (show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(root)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(prove)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(verify)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(cosign)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(renew)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(key)
_arguments "${_arguments_options[@]}" : \
":: :_id-ledger__subcmd__help__subcmd__key_commands" \
"*::: :->key" \
&& ret=0

    case $state in
    (key)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-ledger-help-key-command-$line[1]:"
        case $line[1] in
            (generate)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(rotate)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(pin)
_arguments "${_arguments_options[@]}" : \
":: :_id-ledger__subcmd__help__subcmd__pin_commands" \
"*::: :->pin" \
&& ret=0

    case $state in
    (pin)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-ledger-help-pin-command-$line[1]:"
        case $line[1] in
            (show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(forget)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(tiles)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(merge-driver)
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

(( $+functions[_id-ledger_commands] )) ||
_id-ledger_commands() {
    local commands; commands=(
'record:Record what the commits of the mainline did since the last recorded one' \
'append:Append an event by hand, or ask for one in a change' \
'log:Show what happened\: to one identity, or to all' \
'verify:Hold the ledger to its checkpoint, its lines to their schema and order, and with --rederive to the history' \
'prove:Prove a line against the checkpoint, or what the last seal says of an identity' \
'verify-proof:Verify a proof, without repository and ledger' \
'checkpoint:Show, prove, verify and cosign checkpoints' \
'key:Make, show and rotate the key that signs the log' \
'pin:Show or forget what was pinned of a log' \
'tiles:Write the log as static tiles (C2SP tlog-tiles)' \
'merge-driver:Merge two ledgers that grew side by side; for git'\''s \`merge\` attribute, in \`in-change\` mode' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-ledger commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__append_commands] )) ||
_id-ledger__subcmd__append_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger append commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__checkpoint_commands] )) ||
_id-ledger__subcmd__checkpoint_commands() {
    local commands; commands=(
'show:Print the checkpoint' \
'root:Compute size and root of the lines as they stand, whatever they say and whatever the checkpoint says' \
'prove:Prove that the ledger continues an earlier checkpoint\: a hash a line' \
'verify:Verify that one checkpoint continues another, without the ledger; moves the pin of that log forward' \
'cosign:Vouch for a checkpoint as a witness, after it was shown to continue what was seen before' \
'renew:Cover every line again\: after a merge in \`in-change\` mode' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-ledger checkpoint commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__checkpoint__subcmd__cosign_commands] )) ||
_id-ledger__subcmd__checkpoint__subcmd__cosign_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger checkpoint cosign commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__checkpoint__subcmd__help_commands] )) ||
_id-ledger__subcmd__checkpoint__subcmd__help_commands() {
    local commands; commands=(
'show:Print the checkpoint' \
'root:Compute size and root of the lines as they stand, whatever they say and whatever the checkpoint says' \
'prove:Prove that the ledger continues an earlier checkpoint\: a hash a line' \
'verify:Verify that one checkpoint continues another, without the ledger; moves the pin of that log forward' \
'cosign:Vouch for a checkpoint as a witness, after it was shown to continue what was seen before' \
'renew:Cover every line again\: after a merge in \`in-change\` mode' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-ledger checkpoint help commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__checkpoint__subcmd__help__subcmd__cosign_commands] )) ||
_id-ledger__subcmd__checkpoint__subcmd__help__subcmd__cosign_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger checkpoint help cosign commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__checkpoint__subcmd__help__subcmd__help_commands] )) ||
_id-ledger__subcmd__checkpoint__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger checkpoint help help commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__checkpoint__subcmd__help__subcmd__prove_commands] )) ||
_id-ledger__subcmd__checkpoint__subcmd__help__subcmd__prove_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger checkpoint help prove commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__checkpoint__subcmd__help__subcmd__renew_commands] )) ||
_id-ledger__subcmd__checkpoint__subcmd__help__subcmd__renew_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger checkpoint help renew commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__checkpoint__subcmd__help__subcmd__root_commands] )) ||
_id-ledger__subcmd__checkpoint__subcmd__help__subcmd__root_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger checkpoint help root commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__checkpoint__subcmd__help__subcmd__show_commands] )) ||
_id-ledger__subcmd__checkpoint__subcmd__help__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger checkpoint help show commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__checkpoint__subcmd__help__subcmd__verify_commands] )) ||
_id-ledger__subcmd__checkpoint__subcmd__help__subcmd__verify_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger checkpoint help verify commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__checkpoint__subcmd__prove_commands] )) ||
_id-ledger__subcmd__checkpoint__subcmd__prove_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger checkpoint prove commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__checkpoint__subcmd__renew_commands] )) ||
_id-ledger__subcmd__checkpoint__subcmd__renew_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger checkpoint renew commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__checkpoint__subcmd__root_commands] )) ||
_id-ledger__subcmd__checkpoint__subcmd__root_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger checkpoint root commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__checkpoint__subcmd__show_commands] )) ||
_id-ledger__subcmd__checkpoint__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger checkpoint show commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__checkpoint__subcmd__verify_commands] )) ||
_id-ledger__subcmd__checkpoint__subcmd__verify_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger checkpoint verify commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help_commands] )) ||
_id-ledger__subcmd__help_commands() {
    local commands; commands=(
'record:Record what the commits of the mainline did since the last recorded one' \
'append:Append an event by hand, or ask for one in a change' \
'log:Show what happened\: to one identity, or to all' \
'verify:Hold the ledger to its checkpoint, its lines to their schema and order, and with --rederive to the history' \
'prove:Prove a line against the checkpoint, or what the last seal says of an identity' \
'verify-proof:Verify a proof, without repository and ledger' \
'checkpoint:Show, prove, verify and cosign checkpoints' \
'key:Make, show and rotate the key that signs the log' \
'pin:Show or forget what was pinned of a log' \
'tiles:Write the log as static tiles (C2SP tlog-tiles)' \
'merge-driver:Merge two ledgers that grew side by side; for git'\''s \`merge\` attribute, in \`in-change\` mode' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-ledger help commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__append_commands] )) ||
_id-ledger__subcmd__help__subcmd__append_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger help append commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__checkpoint_commands] )) ||
_id-ledger__subcmd__help__subcmd__checkpoint_commands() {
    local commands; commands=(
'show:Print the checkpoint' \
'root:Compute size and root of the lines as they stand, whatever they say and whatever the checkpoint says' \
'prove:Prove that the ledger continues an earlier checkpoint\: a hash a line' \
'verify:Verify that one checkpoint continues another, without the ledger; moves the pin of that log forward' \
'cosign:Vouch for a checkpoint as a witness, after it was shown to continue what was seen before' \
'renew:Cover every line again\: after a merge in \`in-change\` mode' \
    )
    _describe -t commands 'id-ledger help checkpoint commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__checkpoint__subcmd__cosign_commands] )) ||
_id-ledger__subcmd__help__subcmd__checkpoint__subcmd__cosign_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger help checkpoint cosign commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__checkpoint__subcmd__prove_commands] )) ||
_id-ledger__subcmd__help__subcmd__checkpoint__subcmd__prove_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger help checkpoint prove commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__checkpoint__subcmd__renew_commands] )) ||
_id-ledger__subcmd__help__subcmd__checkpoint__subcmd__renew_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger help checkpoint renew commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__checkpoint__subcmd__root_commands] )) ||
_id-ledger__subcmd__help__subcmd__checkpoint__subcmd__root_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger help checkpoint root commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__checkpoint__subcmd__show_commands] )) ||
_id-ledger__subcmd__help__subcmd__checkpoint__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger help checkpoint show commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__checkpoint__subcmd__verify_commands] )) ||
_id-ledger__subcmd__help__subcmd__checkpoint__subcmd__verify_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger help checkpoint verify commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__help_commands] )) ||
_id-ledger__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger help help commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__key_commands] )) ||
_id-ledger__subcmd__help__subcmd__key_commands() {
    local commands; commands=(
'generate:Make a key, and write its private half to a file that only its owner reads' \
'show:Print the public half of a private key' \
'rotate:Put another key in the place of the one that signs the log; both sign the step' \
    )
    _describe -t commands 'id-ledger help key commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__key__subcmd__generate_commands] )) ||
_id-ledger__subcmd__help__subcmd__key__subcmd__generate_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger help key generate commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__key__subcmd__rotate_commands] )) ||
_id-ledger__subcmd__help__subcmd__key__subcmd__rotate_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger help key rotate commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__key__subcmd__show_commands] )) ||
_id-ledger__subcmd__help__subcmd__key__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger help key show commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__log_commands] )) ||
_id-ledger__subcmd__help__subcmd__log_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger help log commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__merge-driver_commands] )) ||
_id-ledger__subcmd__help__subcmd__merge-driver_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger help merge-driver commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__pin_commands] )) ||
_id-ledger__subcmd__help__subcmd__pin_commands() {
    local commands; commands=(
'show:Print the checkpoint that was pinned, and the key that signed it' \
'forget:Forget it\: the next checkpoint of that log is believed anew' \
    )
    _describe -t commands 'id-ledger help pin commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__pin__subcmd__forget_commands] )) ||
_id-ledger__subcmd__help__subcmd__pin__subcmd__forget_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger help pin forget commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__pin__subcmd__show_commands] )) ||
_id-ledger__subcmd__help__subcmd__pin__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger help pin show commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__prove_commands] )) ||
_id-ledger__subcmd__help__subcmd__prove_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger help prove commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__record_commands] )) ||
_id-ledger__subcmd__help__subcmd__record_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger help record commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__tiles_commands] )) ||
_id-ledger__subcmd__help__subcmd__tiles_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger help tiles commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__verify_commands] )) ||
_id-ledger__subcmd__help__subcmd__verify_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger help verify commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__help__subcmd__verify-proof_commands] )) ||
_id-ledger__subcmd__help__subcmd__verify-proof_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger help verify-proof commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__key_commands] )) ||
_id-ledger__subcmd__key_commands() {
    local commands; commands=(
'generate:Make a key, and write its private half to a file that only its owner reads' \
'show:Print the public half of a private key' \
'rotate:Put another key in the place of the one that signs the log; both sign the step' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-ledger key commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__key__subcmd__generate_commands] )) ||
_id-ledger__subcmd__key__subcmd__generate_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger key generate commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__key__subcmd__help_commands] )) ||
_id-ledger__subcmd__key__subcmd__help_commands() {
    local commands; commands=(
'generate:Make a key, and write its private half to a file that only its owner reads' \
'show:Print the public half of a private key' \
'rotate:Put another key in the place of the one that signs the log; both sign the step' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-ledger key help commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__key__subcmd__help__subcmd__generate_commands] )) ||
_id-ledger__subcmd__key__subcmd__help__subcmd__generate_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger key help generate commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__key__subcmd__help__subcmd__help_commands] )) ||
_id-ledger__subcmd__key__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger key help help commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__key__subcmd__help__subcmd__rotate_commands] )) ||
_id-ledger__subcmd__key__subcmd__help__subcmd__rotate_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger key help rotate commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__key__subcmd__help__subcmd__show_commands] )) ||
_id-ledger__subcmd__key__subcmd__help__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger key help show commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__key__subcmd__rotate_commands] )) ||
_id-ledger__subcmd__key__subcmd__rotate_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger key rotate commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__key__subcmd__show_commands] )) ||
_id-ledger__subcmd__key__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger key show commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__log_commands] )) ||
_id-ledger__subcmd__log_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger log commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__merge-driver_commands] )) ||
_id-ledger__subcmd__merge-driver_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger merge-driver commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__pin_commands] )) ||
_id-ledger__subcmd__pin_commands() {
    local commands; commands=(
'show:Print the checkpoint that was pinned, and the key that signed it' \
'forget:Forget it\: the next checkpoint of that log is believed anew' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-ledger pin commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__pin__subcmd__forget_commands] )) ||
_id-ledger__subcmd__pin__subcmd__forget_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger pin forget commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__pin__subcmd__help_commands] )) ||
_id-ledger__subcmd__pin__subcmd__help_commands() {
    local commands; commands=(
'show:Print the checkpoint that was pinned, and the key that signed it' \
'forget:Forget it\: the next checkpoint of that log is believed anew' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-ledger pin help commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__pin__subcmd__help__subcmd__forget_commands] )) ||
_id-ledger__subcmd__pin__subcmd__help__subcmd__forget_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger pin help forget commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__pin__subcmd__help__subcmd__help_commands] )) ||
_id-ledger__subcmd__pin__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger pin help help commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__pin__subcmd__help__subcmd__show_commands] )) ||
_id-ledger__subcmd__pin__subcmd__help__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger pin help show commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__pin__subcmd__show_commands] )) ||
_id-ledger__subcmd__pin__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger pin show commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__prove_commands] )) ||
_id-ledger__subcmd__prove_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger prove commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__record_commands] )) ||
_id-ledger__subcmd__record_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger record commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__tiles_commands] )) ||
_id-ledger__subcmd__tiles_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger tiles commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__verify_commands] )) ||
_id-ledger__subcmd__verify_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger verify commands' commands "$@"
}
(( $+functions[_id-ledger__subcmd__verify-proof_commands] )) ||
_id-ledger__subcmd__verify-proof_commands() {
    local commands; commands=()
    _describe -t commands 'id-ledger verify-proof commands' commands "$@"
}

if [ "$funcstack[1]" = "_id-ledger" ]; then
    _id-ledger "$@"
else
    compdef _id-ledger id-ledger
fi
