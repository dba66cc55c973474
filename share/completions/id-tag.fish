# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_id_tag_global_optspecs
    string join \n h/help V/version
end

function __fish_id_tag_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_id_tag_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_id_tag_using_subcommand
    set -l cmd (__fish_id_tag_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c id-tag -n "__fish_id_tag_needs_command" -s h -l help -d 'Print help'
complete -c id-tag -n "__fish_id_tag_needs_command" -s V -l version -d 'Print version'
complete -c id-tag -n "__fish_id_tag_needs_command" -f -a "plan" -d 'Show which tags the ledger tells of, and which are still to be made'
complete -c id-tag -n "__fish_id_tag_needs_command" -f -a "apply" -d 'Make the tags that are still to be made'
complete -c id-tag -n "__fish_id_tag_needs_command" -f -a "verify" -d 'Hold every tag to the ledger'
complete -c id-tag -n "__fish_id_tag_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c id-tag -n "__fish_id_tag_using_subcommand plan" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-tag -n "__fish_id_tag_using_subcommand plan" -l rev -d 'The commit whose ledger and policy are asked' -r
complete -c id-tag -n "__fish_id_tag_using_subcommand plan" -l remote -d 'A remote whose tags are looked at, too: a name or an address' -r
complete -c id-tag -n "__fish_id_tag_using_subcommand plan" -l show -d 'Print one tag as it would be made' -r
complete -c id-tag -n "__fish_id_tag_using_subcommand plan" -s h -l help -d 'Print help'
complete -c id-tag -n "__fish_id_tag_using_subcommand apply" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-tag -n "__fish_id_tag_using_subcommand apply" -l rev -d 'The commit whose ledger and policy are asked' -r
complete -c id-tag -n "__fish_id_tag_using_subcommand apply" -l remote -d 'A remote whose tags are looked at, too: a name or an address' -r
complete -c id-tag -n "__fish_id_tag_using_subcommand apply" -l sign -d 'Sign the tags as git\'s own configuration says (gpg or ssh); done anyway where tag.gpgSign is set'
complete -c id-tag -n "__fish_id_tag_using_subcommand apply" -l dry-run -d 'Make nothing, and show what would be made'
complete -c id-tag -n "__fish_id_tag_using_subcommand apply" -s h -l help -d 'Print help'
complete -c id-tag -n "__fish_id_tag_using_subcommand verify" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-tag -n "__fish_id_tag_using_subcommand verify" -l policy -d 'Judge with this policy file instead of the one on base' -r -F
complete -c id-tag -n "__fish_id_tag_using_subcommand verify" -l format -d 'How to print the report' -r -f -a "human\t'For a person at a terminal'
json\t'For programs; see `id-guard schema report`'
sarif\t'SARIF 2.1.0, for code scanning'
github\t'GitHub annotations'
junit\t'JUnit XML'
summary\t'Markdown for a GitHub job summary'"
complete -c id-tag -n "__fish_id_tag_using_subcommand verify" -l report -d 'Write a report to a file as well, as in `sarif=out.sarif`; may be given several times' -r
complete -c id-tag -n "__fish_id_tag_using_subcommand verify" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c id-tag -n "__fish_id_tag_using_subcommand verify" -l annotations-max -d 'The most annotations of each level that `--format github` prints' -r
complete -c id-tag -n "__fish_id_tag_using_subcommand verify" -l rev -d 'The commit whose ledger and policy are asked' -r
complete -c id-tag -n "__fish_id_tag_using_subcommand verify" -l remote -d 'A remote whose tags are looked at, too: a name or an address' -r
complete -c id-tag -n "__fish_id_tag_using_subcommand verify" -s q -l quiet -d 'Print nothing when nothing fails'
complete -c id-tag -n "__fish_id_tag_using_subcommand verify" -s v -l verbose -d 'Print waived findings whole, too'
complete -c id-tag -n "__fish_id_tag_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c id-tag -n "__fish_id_tag_using_subcommand help; and not __fish_seen_subcommand_from plan apply verify help" -f -a "plan" -d 'Show which tags the ledger tells of, and which are still to be made'
complete -c id-tag -n "__fish_id_tag_using_subcommand help; and not __fish_seen_subcommand_from plan apply verify help" -f -a "apply" -d 'Make the tags that are still to be made'
complete -c id-tag -n "__fish_id_tag_using_subcommand help; and not __fish_seen_subcommand_from plan apply verify help" -f -a "verify" -d 'Hold every tag to the ledger'
complete -c id-tag -n "__fish_id_tag_using_subcommand help; and not __fish_seen_subcommand_from plan apply verify help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
