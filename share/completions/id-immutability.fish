# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_id_immutability_global_optspecs
    string join \n h/help V/version
end

function __fish_id_immutability_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_id_immutability_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_id_immutability_using_subcommand
    set -l cmd (__fish_id_immutability_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c id-immutability -n "__fish_id_immutability_needs_command" -s h -l help -d 'Print help'
complete -c id-immutability -n "__fish_id_immutability_needs_command" -s V -l version -d 'Print version'
complete -c id-immutability -n "__fish_id_immutability_needs_command" -f -a "check" -d 'Judge what a change does to what stands'
complete -c id-immutability -n "__fish_id_immutability_needs_command" -f -a "audit" -d 'Judge what a whole history did to what stood'
complete -c id-immutability -n "__fish_id_immutability_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c id-immutability -n "__fish_id_immutability_using_subcommand check" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-immutability -n "__fish_id_immutability_using_subcommand check" -l policy -d 'Judge with this policy file instead of the one on base' -r -F
complete -c id-immutability -n "__fish_id_immutability_using_subcommand check" -l format -d 'How to print the report' -r -f -a "human\t'For a person at a terminal'
json\t'For programs; see `id-guard schema report`'
sarif\t'SARIF 2.1.0, for code scanning'
github\t'GitHub annotations'
junit\t'JUnit XML'
summary\t'Markdown for a GitHub job summary'"
complete -c id-immutability -n "__fish_id_immutability_using_subcommand check" -l report -d 'Write a report to a file as well, as in `sarif=out.sarif`; may be given several times' -r
complete -c id-immutability -n "__fish_id_immutability_using_subcommand check" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c id-immutability -n "__fish_id_immutability_using_subcommand check" -l annotations-max -d 'The most annotations of each level that `--format github` prints' -r
complete -c id-immutability -n "__fish_id_immutability_using_subcommand check" -l base -d 'The base to judge against: a branch, a tag, a commit' -r
complete -c id-immutability -n "__fish_id_immutability_using_subcommand check" -l head -d 'What is judged' -r
complete -c id-immutability -n "__fish_id_immutability_using_subcommand check" -l policy-from -d 'Take the policy from this revision instead of the base, as for a branch that is stacked on another one' -r
complete -c id-immutability -n "__fish_id_immutability_using_subcommand check" -l event -d 'Take base and head from a GitHub event file' -r -F
complete -c id-immutability -n "__fish_id_immutability_using_subcommand check" -l event-name -d 'The event\'s name, where it is not in GITHUB_EVENT_NAME' -r
complete -c id-immutability -n "__fish_id_immutability_using_subcommand check" -l coverage -d 'A coverage report (lcov, Cobertura) that the judged plugins are held to; may be given several times' -r -F
complete -c id-immutability -n "__fish_id_immutability_using_subcommand check" -s q -l quiet -d 'Print nothing when nothing fails'
complete -c id-immutability -n "__fish_id_immutability_using_subcommand check" -s v -l verbose -d 'Print waived findings whole, too'
complete -c id-immutability -n "__fish_id_immutability_using_subcommand check" -l staged -d 'Judge the index, as the next commit'
complete -c id-immutability -n "__fish_id_immutability_using_subcommand check" -l worktree -d 'Judge the working tree, as the next commit'
complete -c id-immutability -n "__fish_id_immutability_using_subcommand check" -l per-commit -d 'Judge each commit of the range as well, so that an edit that was taken back shows'
complete -c id-immutability -n "__fish_id_immutability_using_subcommand check" -l pushed -d 'Judge the mainline itself, as it is pushed, and not a change that is still to be merged; push events and pre-push lines say so'
complete -c id-immutability -n "__fish_id_immutability_using_subcommand check" -l pre-push -d 'Read what is pushed from standard input, as git\'s pre-push hook gets it'
complete -c id-immutability -n "__fish_id_immutability_using_subcommand check" -l explain-base -d 'Say which base was chosen and why, and judge nothing'
complete -c id-immutability -n "__fish_id_immutability_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c id-immutability -n "__fish_id_immutability_using_subcommand audit" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-immutability -n "__fish_id_immutability_using_subcommand audit" -l policy -d 'Judge with this policy file instead of the one on base' -r -F
complete -c id-immutability -n "__fish_id_immutability_using_subcommand audit" -l format -d 'How to print the report' -r -f -a "human\t'For a person at a terminal'
json\t'For programs; see `id-guard schema report`'
sarif\t'SARIF 2.1.0, for code scanning'
github\t'GitHub annotations'
junit\t'JUnit XML'
summary\t'Markdown for a GitHub job summary'"
complete -c id-immutability -n "__fish_id_immutability_using_subcommand audit" -l report -d 'Write a report to a file as well, as in `sarif=out.sarif`; may be given several times' -r
complete -c id-immutability -n "__fish_id_immutability_using_subcommand audit" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c id-immutability -n "__fish_id_immutability_using_subcommand audit" -l annotations-max -d 'The most annotations of each level that `--format github` prints' -r
complete -c id-immutability -n "__fish_id_immutability_using_subcommand audit" -l head -d 'The commit whose history is judged' -r
complete -c id-immutability -n "__fish_id_immutability_using_subcommand audit" -l since -d 'Judge only commits behind this one' -r
complete -c id-immutability -n "__fish_id_immutability_using_subcommand audit" -l cache -d 'Where to keep what the next audit can go on from' -r -F
complete -c id-immutability -n "__fish_id_immutability_using_subcommand audit" -s q -l quiet -d 'Print nothing when nothing fails'
complete -c id-immutability -n "__fish_id_immutability_using_subcommand audit" -s v -l verbose -d 'Print waived findings whole, too'
complete -c id-immutability -n "__fish_id_immutability_using_subcommand audit" -l all-parents -d 'Follow every parent of a merge, not only the first'
complete -c id-immutability -n "__fish_id_immutability_using_subcommand audit" -l verify-objects -d 'Read whole objects and hash each again, instead of trusting the pack\'s deltas'
complete -c id-immutability -n "__fish_id_immutability_using_subcommand audit" -l no-cache -d 'Begin at the root, and keep nothing'
complete -c id-immutability -n "__fish_id_immutability_using_subcommand audit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c id-immutability -n "__fish_id_immutability_using_subcommand help; and not __fish_seen_subcommand_from check audit help" -f -a "check" -d 'Judge what a change does to what stands'
complete -c id-immutability -n "__fish_id_immutability_using_subcommand help; and not __fish_seen_subcommand_from check audit help" -f -a "audit" -d 'Judge what a whole history did to what stood'
complete -c id-immutability -n "__fish_id_immutability_using_subcommand help; and not __fish_seen_subcommand_from check audit help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
