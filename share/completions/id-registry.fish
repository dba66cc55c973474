# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_id_registry_global_optspecs
    string join \n h/help V/version
end

function __fish_id_registry_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_id_registry_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_id_registry_using_subcommand
    set -l cmd (__fish_id_registry_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c id-registry -n "__fish_id_registry_needs_command" -s h -l help -d 'Print help'
complete -c id-registry -n "__fish_id_registry_needs_command" -s V -l version -d 'Print version'
complete -c id-registry -n "__fish_id_registry_needs_command" -f -a "build" -d 'Make ids/registry.yaml of cards, specs and ledger, or hold it to them'
complete -c id-registry -n "__fish_id_registry_needs_command" -f -a "get" -d 'Show one identity: by its ULID, a key that it has or had, or its path'
complete -c id-registry -n "__fish_id_registry_needs_command" -f -a "find" -d 'Find identities whose ULID, keys, path or owner hold a text'
complete -c id-registry -n "__fish_id_registry_needs_command" -f -a "list" -d 'List identities'
complete -c id-registry -n "__fish_id_registry_needs_command" -f -a "diff" -d 'Tell what happened to identities between two commits'
complete -c id-registry -n "__fish_id_registry_needs_command" -f -a "log" -d 'Show what the ledger tells of one identity'
complete -c id-registry -n "__fish_id_registry_needs_command" -f -a "at" -d 'Print the registry of a commit'
complete -c id-registry -n "__fish_id_registry_needs_command" -f -a "export" -d 'Write the registry for other tools'
complete -c id-registry -n "__fish_id_registry_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c id-registry -n "__fish_id_registry_using_subcommand build" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-registry -n "__fish_id_registry_using_subcommand build" -l at -d 'Ask a commit instead of the working tree' -r
complete -c id-registry -n "__fish_id_registry_using_subcommand build" -l check -d 'Write nothing; fail and show the difference where the file is not what its sources make'
complete -c id-registry -n "__fish_id_registry_using_subcommand build" -l full -d 'Read every source again, whatever an earlier run knew'
complete -c id-registry -n "__fish_id_registry_using_subcommand build" -s h -l help -d 'Print help'
complete -c id-registry -n "__fish_id_registry_using_subcommand get" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-registry -n "__fish_id_registry_using_subcommand get" -l at -d 'Ask a commit instead of the working tree' -r
complete -c id-registry -n "__fish_id_registry_using_subcommand get" -l json -d 'Print JSON'
complete -c id-registry -n "__fish_id_registry_using_subcommand get" -s h -l help -d 'Print help'
complete -c id-registry -n "__fish_id_registry_using_subcommand find" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-registry -n "__fish_id_registry_using_subcommand find" -l at -d 'Ask a commit instead of the working tree' -r
complete -c id-registry -n "__fish_id_registry_using_subcommand find" -l kind -d 'Only of this kind' -r -f -a "plugin\t'A plugin'
document\t'A document'
module\t'A module'
policy-pack\t'A policy pack'"
complete -c id-registry -n "__fish_id_registry_using_subcommand find" -l status -d 'Only with this status' -r -f -a "active\t'It is used'
deprecated\t'It is not to be relied on any more'
consolidated\t'It went into another one'
retired\t'It is gone'"
complete -c id-registry -n "__fish_id_registry_using_subcommand find" -l owner -d 'Only of this owner' -r
complete -c id-registry -n "__fish_id_registry_using_subcommand find" -l format -d 'How to print them' -r -f -a "table\t'For a person at a terminal'
json\t'An array of identities'
csv\t'RFC 4180, for spreadsheets'
md\t'A Markdown table'"
complete -c id-registry -n "__fish_id_registry_using_subcommand find" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c id-registry -n "__fish_id_registry_using_subcommand list" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-registry -n "__fish_id_registry_using_subcommand list" -l at -d 'Ask a commit instead of the working tree' -r
complete -c id-registry -n "__fish_id_registry_using_subcommand list" -l kind -d 'Only of this kind' -r -f -a "plugin\t'A plugin'
document\t'A document'
module\t'A module'
policy-pack\t'A policy pack'"
complete -c id-registry -n "__fish_id_registry_using_subcommand list" -l status -d 'Only with this status' -r -f -a "active\t'It is used'
deprecated\t'It is not to be relied on any more'
consolidated\t'It went into another one'
retired\t'It is gone'"
complete -c id-registry -n "__fish_id_registry_using_subcommand list" -l owner -d 'Only of this owner' -r
complete -c id-registry -n "__fish_id_registry_using_subcommand list" -l format -d 'How to print them' -r -f -a "table\t'For a person at a terminal'
json\t'An array of identities'
csv\t'RFC 4180, for spreadsheets'
md\t'A Markdown table'"
complete -c id-registry -n "__fish_id_registry_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c id-registry -n "__fish_id_registry_using_subcommand diff" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-registry -n "__fish_id_registry_using_subcommand diff" -l json -d 'Print JSON'
complete -c id-registry -n "__fish_id_registry_using_subcommand diff" -s h -l help -d 'Print help'
complete -c id-registry -n "__fish_id_registry_using_subcommand log" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-registry -n "__fish_id_registry_using_subcommand log" -l at -d 'Ask a commit instead of the working tree' -r
complete -c id-registry -n "__fish_id_registry_using_subcommand log" -l json -d 'Print the lines as they stand'
complete -c id-registry -n "__fish_id_registry_using_subcommand log" -s h -l help -d 'Print help'
complete -c id-registry -n "__fish_id_registry_using_subcommand at" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-registry -n "__fish_id_registry_using_subcommand at" -s h -l help -d 'Print help'
complete -c id-registry -n "__fish_id_registry_using_subcommand export" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-registry -n "__fish_id_registry_using_subcommand export" -l at -d 'Ask a commit instead of the working tree' -r
complete -c id-registry -n "__fish_id_registry_using_subcommand export" -l out -d 'The file; without it, standard output' -r -F
complete -c id-registry -n "__fish_id_registry_using_subcommand export" -l force -d 'Replace the file, where there is one'
complete -c id-registry -n "__fish_id_registry_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c id-registry -n "__fish_id_registry_using_subcommand help; and not __fish_seen_subcommand_from build get find list diff log at export help" -f -a "build" -d 'Make ids/registry.yaml of cards, specs and ledger, or hold it to them'
complete -c id-registry -n "__fish_id_registry_using_subcommand help; and not __fish_seen_subcommand_from build get find list diff log at export help" -f -a "get" -d 'Show one identity: by its ULID, a key that it has or had, or its path'
complete -c id-registry -n "__fish_id_registry_using_subcommand help; and not __fish_seen_subcommand_from build get find list diff log at export help" -f -a "find" -d 'Find identities whose ULID, keys, path or owner hold a text'
complete -c id-registry -n "__fish_id_registry_using_subcommand help; and not __fish_seen_subcommand_from build get find list diff log at export help" -f -a "list" -d 'List identities'
complete -c id-registry -n "__fish_id_registry_using_subcommand help; and not __fish_seen_subcommand_from build get find list diff log at export help" -f -a "diff" -d 'Tell what happened to identities between two commits'
complete -c id-registry -n "__fish_id_registry_using_subcommand help; and not __fish_seen_subcommand_from build get find list diff log at export help" -f -a "log" -d 'Show what the ledger tells of one identity'
complete -c id-registry -n "__fish_id_registry_using_subcommand help; and not __fish_seen_subcommand_from build get find list diff log at export help" -f -a "at" -d 'Print the registry of a commit'
complete -c id-registry -n "__fish_id_registry_using_subcommand help; and not __fish_seen_subcommand_from build get find list diff log at export help" -f -a "export" -d 'Write the registry for other tools'
complete -c id-registry -n "__fish_id_registry_using_subcommand help; and not __fish_seen_subcommand_from build get find list diff log at export help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
