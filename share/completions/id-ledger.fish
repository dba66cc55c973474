# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_id_ledger_global_optspecs
    string join \n h/help V/version
end

function __fish_id_ledger_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_id_ledger_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_id_ledger_using_subcommand
    set -l cmd (__fish_id_ledger_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c id-ledger -n "__fish_id_ledger_needs_command" -s h -l help -d 'Print help'
complete -c id-ledger -n "__fish_id_ledger_needs_command" -s V -l version -d 'Print version'
complete -c id-ledger -n "__fish_id_ledger_needs_command" -f -a "record" -d 'Record what the commits of the mainline did since the last recorded one'
complete -c id-ledger -n "__fish_id_ledger_needs_command" -f -a "append" -d 'Append an event by hand, or ask for one in a change'
complete -c id-ledger -n "__fish_id_ledger_needs_command" -f -a "log" -d 'Show what happened: to one identity, or to all'
complete -c id-ledger -n "__fish_id_ledger_needs_command" -f -a "verify" -d 'Hold the ledger to its checkpoint, its lines to their schema and order, and with --rederive to the history'
complete -c id-ledger -n "__fish_id_ledger_needs_command" -f -a "prove" -d 'Prove a line against the checkpoint, or what the last seal says of an identity'
complete -c id-ledger -n "__fish_id_ledger_needs_command" -f -a "verify-proof" -d 'Verify a proof, without repository and ledger'
complete -c id-ledger -n "__fish_id_ledger_needs_command" -f -a "checkpoint" -d 'Show, prove, verify and cosign checkpoints'
complete -c id-ledger -n "__fish_id_ledger_needs_command" -f -a "key" -d 'Make, show and rotate the key that signs the log'
complete -c id-ledger -n "__fish_id_ledger_needs_command" -f -a "pin" -d 'Show or forget what was pinned of a log'
complete -c id-ledger -n "__fish_id_ledger_needs_command" -f -a "tiles" -d 'Write the log as static tiles (C2SP tlog-tiles)'
complete -c id-ledger -n "__fish_id_ledger_needs_command" -f -a "merge-driver" -d 'Merge two ledgers that grew side by side; for git\'s `merge` attribute, in `in-change` mode'
complete -c id-ledger -n "__fish_id_ledger_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand record" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand record" -l head -d 'The commit up to which the mainline is recorded' -r
complete -c id-ledger -n "__fish_id_ledger_using_subcommand record" -l origin -d 'The log\'s name, for a ledger that begins; without it, `ledger.origin` of the policy' -r
complete -c id-ledger -n "__fish_id_ledger_using_subcommand record" -l key-file -d 'The file of the key that signs the log; without it, the variable ID_GUARD_LOG_KEY holds the key itself' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand record" -l seal -d 'Close with a seal: the state of every identity as one hash, against which presence and absence can be proved'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand record" -l dry-run -d 'Write nothing, and show the lines that would be written'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand record" -s h -l help -d 'Print help'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand append" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand append" -l reason -d 'Why it is done by hand' -r
complete -c id-ledger -n "__fish_id_ledger_using_subcommand append" -l by -d 'Who does it; without it, git\'s user.email' -r
complete -c id-ledger -n "__fish_id_ledger_using_subcommand append" -l att -d 'An attestation (a DSSE envelope) that stands behind it; it is copied into .ledger/att' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand append" -l key-file -d 'The file of the key that signs the log; without it, the variable ID_GUARD_LOG_KEY holds the key itself' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand append" -l request -d 'Write a request into .ledger/pending instead, to be recorded once it is merged'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand append" -l dry-run -d 'Write nothing, and show the line that would be written'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand append" -s h -l help -d 'Print help'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand log" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand log" -l rev -d 'Read the ledger of a commit instead of the working tree\'s' -r
complete -c id-ledger -n "__fish_id_ledger_using_subcommand log" -l json -d 'Print the lines as they stand'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand log" -s h -l help -d 'Print help'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand verify" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand verify" -l policy -d 'Judge with this policy file instead of the one on base' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand verify" -l format -d 'How to print the report' -r -f -a "human\t'For a person at a terminal'
json\t'For programs; see `id-guard schema report`'
sarif\t'SARIF 2.1.0, for code scanning'
github\t'GitHub annotations'
junit\t'JUnit XML'
summary\t'Markdown for a GitHub job summary'"
complete -c id-ledger -n "__fish_id_ledger_using_subcommand verify" -l report -d 'Write a report to a file as well, as in `sarif=out.sarif`; may be given several times' -r
complete -c id-ledger -n "__fish_id_ledger_using_subcommand verify" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c id-ledger -n "__fish_id_ledger_using_subcommand verify" -l annotations-max -d 'The most annotations of each level that `--format github` prints' -r
complete -c id-ledger -n "__fish_id_ledger_using_subcommand verify" -l rev -d 'Verify the ledger of a commit instead of the working tree\'s' -r
complete -c id-ledger -n "__fish_id_ledger_using_subcommand verify" -l trust -d 'Believe the checkpoint only as this policy says (C2SP tlog-policy)' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand verify" -l evidence -d 'Where a log that tells two stories is written down: both checkpoints as they were signed, and the root that this ledger has at the earlier one' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand verify" -l since -d 'An earlier checkpoint that this ledger must continue; may be given several times' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand verify" -s q -l quiet -d 'Print nothing when nothing fails'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand verify" -s v -l verbose -d 'Print waived findings whole, too'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand verify" -l rederive -d 'Derive every line again from the history, and demand the same bytes'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand verify" -l pin -d 'Remember the checkpoint once all is well: every later one must continue it. What is remembered is always held against'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand prove" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand prove" -l line -d 'Prove this line, counted from 1' -r
complete -c id-ledger -n "__fish_id_ledger_using_subcommand prove" -l out -d 'Write the proof to a file' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand prove" -l state -d 'Prove what the last seal says of the identity: what it was then, or that it was not there'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand prove" -s h -l help -d 'Print help'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand verify-proof" -l artifact -d 'The file or directory that the proven line is about' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand verify-proof" -l key -d 'The log\'s key' -r
complete -c id-ledger -n "__fish_id_ledger_using_subcommand verify-proof" -l trust -d 'Whom to trust (C2SP tlog-policy)' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand verify-proof" -s h -l help -d 'Print help'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and not __fish_seen_subcommand_from show root prove verify cosign renew help" -s h -l help -d 'Print help'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and not __fish_seen_subcommand_from show root prove verify cosign renew help" -f -a "show" -d 'Print the checkpoint'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and not __fish_seen_subcommand_from show root prove verify cosign renew help" -f -a "root" -d 'Compute size and root of the lines as they stand, whatever they say and whatever the checkpoint says'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and not __fish_seen_subcommand_from show root prove verify cosign renew help" -f -a "prove" -d 'Prove that the ledger continues an earlier checkpoint: a hash a line'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and not __fish_seen_subcommand_from show root prove verify cosign renew help" -f -a "verify" -d 'Verify that one checkpoint continues another, without the ledger; moves the pin of that log forward'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and not __fish_seen_subcommand_from show root prove verify cosign renew help" -f -a "cosign" -d 'Vouch for a checkpoint as a witness, after it was shown to continue what was seen before'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and not __fish_seen_subcommand_from show root prove verify cosign renew help" -f -a "renew" -d 'Cover every line again: after a merge in `in-change` mode'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and not __fish_seen_subcommand_from show root prove verify cosign renew help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from show" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from root" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from root" -s h -l help -d 'Print help'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from prove" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from prove" -l since -d 'The earlier checkpoint: its file, or its size' -r
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from prove" -s h -l help -d 'Print help'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from verify" -l key -d 'The log\'s key' -r
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from verify" -l trust -d 'Whom to trust (C2SP tlog-policy)' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from cosign" -l key -d 'The log\'s key' -r
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from cosign" -l key-file -d 'The witness\'s private key' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from cosign" -l proof -d 'The consistency proof from the checkpoint that this witness vouched for last' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from cosign" -l out -d 'Write the cosigned checkpoint to a file: as a rule the one that it was read from' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from cosign" -s h -l help -d 'Print help'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from renew" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from renew" -l key-file -d 'The file of the key that signs the log; without it, the variable ID_GUARD_LOG_KEY holds the key itself' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from renew" -s h -l help -d 'Print help'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from help" -f -a "show" -d 'Print the checkpoint'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from help" -f -a "root" -d 'Compute size and root of the lines as they stand, whatever they say and whatever the checkpoint says'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from help" -f -a "prove" -d 'Prove that the ledger continues an earlier checkpoint: a hash a line'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Verify that one checkpoint continues another, without the ledger; moves the pin of that log forward'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from help" -f -a "cosign" -d 'Vouch for a checkpoint as a witness, after it was shown to continue what was seen before'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from help" -f -a "renew" -d 'Cover every line again: after a merge in `in-change` mode'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand checkpoint; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand key; and not __fish_seen_subcommand_from generate show rotate help" -s h -l help -d 'Print help'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand key; and not __fish_seen_subcommand_from generate show rotate help" -f -a "generate" -d 'Make a key, and write its private half to a file that only its owner reads'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand key; and not __fish_seen_subcommand_from generate show rotate help" -f -a "show" -d 'Print the public half of a private key'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand key; and not __fish_seen_subcommand_from generate show rotate help" -f -a "rotate" -d 'Put another key in the place of the one that signs the log; both sign the step'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand key; and not __fish_seen_subcommand_from generate show rotate help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand key; and __fish_seen_subcommand_from generate" -l out -d 'The file; it must not be there yet' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand key; and __fish_seen_subcommand_from generate" -l witness -d 'Make the key of a witness'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand key; and __fish_seen_subcommand_from generate" -s h -l help -d 'Print help'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand key; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand key; and __fish_seen_subcommand_from rotate" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand key; and __fish_seen_subcommand_from rotate" -l key-file -d 'The file of the key that signs the log; without it, the variable ID_GUARD_LOG_KEY holds the key itself' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand key; and __fish_seen_subcommand_from rotate" -l new-key-file -d 'The key that shall sign it' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand key; and __fish_seen_subcommand_from rotate" -l reason -d 'Why' -r
complete -c id-ledger -n "__fish_id_ledger_using_subcommand key; and __fish_seen_subcommand_from rotate" -l att -d 'An attestation (a DSSE envelope) that stands behind it' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand key; and __fish_seen_subcommand_from rotate" -s h -l help -d 'Print help'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "generate" -d 'Make a key, and write its private half to a file that only its owner reads'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "show" -d 'Print the public half of a private key'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "rotate" -d 'Put another key in the place of the one that signs the log; both sign the step'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand pin; and not __fish_seen_subcommand_from show forget help" -s h -l help -d 'Print help'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand pin; and not __fish_seen_subcommand_from show forget help" -f -a "show" -d 'Print the checkpoint that was pinned, and the key that signed it'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand pin; and not __fish_seen_subcommand_from show forget help" -f -a "forget" -d 'Forget it: the next checkpoint of that log is believed anew'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand pin; and not __fish_seen_subcommand_from show forget help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand pin; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand pin; and __fish_seen_subcommand_from forget" -s h -l help -d 'Print help'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand pin; and __fish_seen_subcommand_from help" -f -a "show" -d 'Print the checkpoint that was pinned, and the key that signed it'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand pin; and __fish_seen_subcommand_from help" -f -a "forget" -d 'Forget it: the next checkpoint of that log is believed anew'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand pin; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand tiles" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-ledger -n "__fish_id_ledger_using_subcommand tiles" -l from -d 'The size that was written before: full tiles of it are left alone' -r
complete -c id-ledger -n "__fish_id_ledger_using_subcommand tiles" -s h -l help -d 'Print help'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand merge-driver" -s h -l help -d 'Print help'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and not __fish_seen_subcommand_from record append log verify prove verify-proof checkpoint key pin tiles merge-driver help" -f -a "record" -d 'Record what the commits of the mainline did since the last recorded one'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and not __fish_seen_subcommand_from record append log verify prove verify-proof checkpoint key pin tiles merge-driver help" -f -a "append" -d 'Append an event by hand, or ask for one in a change'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and not __fish_seen_subcommand_from record append log verify prove verify-proof checkpoint key pin tiles merge-driver help" -f -a "log" -d 'Show what happened: to one identity, or to all'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and not __fish_seen_subcommand_from record append log verify prove verify-proof checkpoint key pin tiles merge-driver help" -f -a "verify" -d 'Hold the ledger to its checkpoint, its lines to their schema and order, and with --rederive to the history'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and not __fish_seen_subcommand_from record append log verify prove verify-proof checkpoint key pin tiles merge-driver help" -f -a "prove" -d 'Prove a line against the checkpoint, or what the last seal says of an identity'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and not __fish_seen_subcommand_from record append log verify prove verify-proof checkpoint key pin tiles merge-driver help" -f -a "verify-proof" -d 'Verify a proof, without repository and ledger'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and not __fish_seen_subcommand_from record append log verify prove verify-proof checkpoint key pin tiles merge-driver help" -f -a "checkpoint" -d 'Show, prove, verify and cosign checkpoints'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and not __fish_seen_subcommand_from record append log verify prove verify-proof checkpoint key pin tiles merge-driver help" -f -a "key" -d 'Make, show and rotate the key that signs the log'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and not __fish_seen_subcommand_from record append log verify prove verify-proof checkpoint key pin tiles merge-driver help" -f -a "pin" -d 'Show or forget what was pinned of a log'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and not __fish_seen_subcommand_from record append log verify prove verify-proof checkpoint key pin tiles merge-driver help" -f -a "tiles" -d 'Write the log as static tiles (C2SP tlog-tiles)'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and not __fish_seen_subcommand_from record append log verify prove verify-proof checkpoint key pin tiles merge-driver help" -f -a "merge-driver" -d 'Merge two ledgers that grew side by side; for git\'s `merge` attribute, in `in-change` mode'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and not __fish_seen_subcommand_from record append log verify prove verify-proof checkpoint key pin tiles merge-driver help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and __fish_seen_subcommand_from checkpoint" -f -a "show" -d 'Print the checkpoint'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and __fish_seen_subcommand_from checkpoint" -f -a "root" -d 'Compute size and root of the lines as they stand, whatever they say and whatever the checkpoint says'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and __fish_seen_subcommand_from checkpoint" -f -a "prove" -d 'Prove that the ledger continues an earlier checkpoint: a hash a line'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and __fish_seen_subcommand_from checkpoint" -f -a "verify" -d 'Verify that one checkpoint continues another, without the ledger; moves the pin of that log forward'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and __fish_seen_subcommand_from checkpoint" -f -a "cosign" -d 'Vouch for a checkpoint as a witness, after it was shown to continue what was seen before'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and __fish_seen_subcommand_from checkpoint" -f -a "renew" -d 'Cover every line again: after a merge in `in-change` mode'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "generate" -d 'Make a key, and write its private half to a file that only its owner reads'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "show" -d 'Print the public half of a private key'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "rotate" -d 'Put another key in the place of the one that signs the log; both sign the step'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and __fish_seen_subcommand_from pin" -f -a "show" -d 'Print the checkpoint that was pinned, and the key that signed it'
complete -c id-ledger -n "__fish_id_ledger_using_subcommand help; and __fish_seen_subcommand_from pin" -f -a "forget" -d 'Forget it: the next checkpoint of that log is believed anew'
