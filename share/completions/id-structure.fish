# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_id_structure_global_optspecs
    string join \n h/help V/version
end

function __fish_id_structure_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_id_structure_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_id_structure_using_subcommand
    set -l cmd (__fish_id_structure_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c id-structure -n "__fish_id_structure_needs_command" -s h -l help -d 'Print help'
complete -c id-structure -n "__fish_id_structure_needs_command" -s V -l version -d 'Print version'
complete -c id-structure -n "__fish_id_structure_needs_command" -f -a "check" -d 'Judge the artifacts: all of them, or with a base those that a change touches'
complete -c id-structure -n "__fish_id_structure_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c id-structure -n "__fish_id_structure_using_subcommand check" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-structure -n "__fish_id_structure_using_subcommand check" -l policy -d 'Judge with this policy file instead of the one on base' -r -F
complete -c id-structure -n "__fish_id_structure_using_subcommand check" -l format -d 'How to print the report' -r -f -a "human\t'For a person at a terminal'
json\t'For programs; see `id-guard schema report`'
sarif\t'SARIF 2.1.0, for code scanning'
github\t'GitHub annotations'
junit\t'JUnit XML'
summary\t'Markdown for a GitHub job summary'"
complete -c id-structure -n "__fish_id_structure_using_subcommand check" -l report -d 'Write a report to a file as well, as in `sarif=out.sarif`; may be given several times' -r
complete -c id-structure -n "__fish_id_structure_using_subcommand check" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c id-structure -n "__fish_id_structure_using_subcommand check" -l annotations-max -d 'The most annotations of each level that `--format github` prints' -r
complete -c id-structure -n "__fish_id_structure_using_subcommand check" -l base -d 'Judge only what the change since this base touches' -r
complete -c id-structure -n "__fish_id_structure_using_subcommand check" -l head -d 'Judge a commit instead of the working tree' -r
complete -c id-structure -n "__fish_id_structure_using_subcommand check" -l coverage -d 'A coverage report (lcov, Cobertura) that the plugins are held to; may be given several times' -r -F
complete -c id-structure -n "__fish_id_structure_using_subcommand check" -s q -l quiet -d 'Print nothing when nothing fails'
complete -c id-structure -n "__fish_id_structure_using_subcommand check" -s v -l verbose -d 'Print waived findings whole, too'
complete -c id-structure -n "__fish_id_structure_using_subcommand check" -l staged -d 'Judge the index instead of the working tree'
complete -c id-structure -n "__fish_id_structure_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c id-structure -n "__fish_id_structure_using_subcommand help; and not __fish_seen_subcommand_from check help" -f -a "check" -d 'Judge the artifacts: all of them, or with a base those that a change touches'
complete -c id-structure -n "__fish_id_structure_using_subcommand help; and not __fish_seen_subcommand_from check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
