# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_id_release_global_optspecs
    string join \n h/help V/version
end

function __fish_id_release_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_id_release_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_id_release_using_subcommand
    set -l cmd (__fish_id_release_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c id-release -n "__fish_id_release_needs_command" -s h -l help -d 'Print help'
complete -c id-release -n "__fish_id_release_needs_command" -s V -l version -d 'Print version'
complete -c id-release -n "__fish_id_release_needs_command" -f -a "pack" -d 'Pack the plugins that tags publish: what the ledger tells of, and nothing else'
complete -c id-release -n "__fish_id_release_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c id-release -n "__fish_id_release_using_subcommand pack" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-release -n "__fish_id_release_using_subcommand pack" -l rev -d 'The commit whose ledger is asked' -r
complete -c id-release -n "__fish_id_release_using_subcommand pack" -l out -d 'The folder that takes a folder of each tag' -r -F
complete -c id-release -n "__fish_id_release_using_subcommand pack" -s h -l help -d 'Print help'
complete -c id-release -n "__fish_id_release_using_subcommand help; and not __fish_seen_subcommand_from pack help" -f -a "pack" -d 'Pack the plugins that tags publish: what the ledger tells of, and nothing else'
complete -c id-release -n "__fish_id_release_using_subcommand help; and not __fish_seen_subcommand_from pack help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
