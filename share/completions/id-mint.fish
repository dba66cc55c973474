# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_id_mint_global_optspecs
    string join \n h/help V/version
end

function __fish_id_mint_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_id_mint_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_id_mint_using_subcommand
    set -l cmd (__fish_id_mint_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c id-mint -n "__fish_id_mint_needs_command" -s h -l help -d 'Print help'
complete -c id-mint -n "__fish_id_mint_needs_command" -s V -l version -d 'Print version'
complete -c id-mint -n "__fish_id_mint_needs_command" -f -a "plugin" -d 'Mint the identity of a plugin'
complete -c id-mint -n "__fish_id_mint_needs_command" -f -a "document" -d 'Mint the identity of a document: Markdown with front matter'
complete -c id-mint -n "__fish_id_mint_needs_command" -f -a "pack" -d 'Mint the identity of a policy pack'
complete -c id-mint -n "__fish_id_mint_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c id-mint -n "__fish_id_mint_using_subcommand plugin" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-mint -n "__fish_id_mint_using_subcommand plugin" -l owner -d 'Who answers for the artifact; without it, git\'s user.email' -r
complete -c id-mint -n "__fish_id_mint_using_subcommand plugin" -l path -d 'Where the artifact lies, from the root of the repository' -r
complete -c id-mint -n "__fish_id_mint_using_subcommand plugin" -l key -d 'The key, instead of the one that the name makes' -r
complete -c id-mint -n "__fish_id_mint_using_subcommand plugin" -l ulid -d 'Take a ULID that was made elsewhere, instead of making one' -r
complete -c id-mint -n "__fish_id_mint_using_subcommand plugin" -l notes -d 'Anything else that the card shall say' -r
complete -c id-mint -n "__fish_id_mint_using_subcommand plugin" -l private -d 'Keep the identity inside this repository'
complete -c id-mint -n "__fish_id_mint_using_subcommand plugin" -l dry-run -d 'Show the card and write nothing'
complete -c id-mint -n "__fish_id_mint_using_subcommand plugin" -s h -l help -d 'Print help'
complete -c id-mint -n "__fish_id_mint_using_subcommand document" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-mint -n "__fish_id_mint_using_subcommand document" -l owner -d 'Who answers for the artifact; without it, git\'s user.email' -r
complete -c id-mint -n "__fish_id_mint_using_subcommand document" -l path -d 'Where the artifact lies, from the root of the repository' -r
complete -c id-mint -n "__fish_id_mint_using_subcommand document" -l key -d 'The key, instead of the one that the name makes' -r
complete -c id-mint -n "__fish_id_mint_using_subcommand document" -l ulid -d 'Take a ULID that was made elsewhere, instead of making one' -r
complete -c id-mint -n "__fish_id_mint_using_subcommand document" -l notes -d 'Anything else that the card shall say' -r
complete -c id-mint -n "__fish_id_mint_using_subcommand document" -l private -d 'Keep the identity inside this repository'
complete -c id-mint -n "__fish_id_mint_using_subcommand document" -l dry-run -d 'Show the card and write nothing'
complete -c id-mint -n "__fish_id_mint_using_subcommand document" -s h -l help -d 'Print help'
complete -c id-mint -n "__fish_id_mint_using_subcommand pack" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-mint -n "__fish_id_mint_using_subcommand pack" -l owner -d 'Who answers for the artifact; without it, git\'s user.email' -r
complete -c id-mint -n "__fish_id_mint_using_subcommand pack" -l path -d 'Where the artifact lies, from the root of the repository' -r
complete -c id-mint -n "__fish_id_mint_using_subcommand pack" -l key -d 'The key, instead of the one that the name makes' -r
complete -c id-mint -n "__fish_id_mint_using_subcommand pack" -l ulid -d 'Take a ULID that was made elsewhere, instead of making one' -r
complete -c id-mint -n "__fish_id_mint_using_subcommand pack" -l notes -d 'Anything else that the card shall say' -r
complete -c id-mint -n "__fish_id_mint_using_subcommand pack" -l private -d 'Keep the identity inside this repository'
complete -c id-mint -n "__fish_id_mint_using_subcommand pack" -l dry-run -d 'Show the card and write nothing'
complete -c id-mint -n "__fish_id_mint_using_subcommand pack" -s h -l help -d 'Print help'
complete -c id-mint -n "__fish_id_mint_using_subcommand help; and not __fish_seen_subcommand_from plugin document pack help" -f -a "plugin" -d 'Mint the identity of a plugin'
complete -c id-mint -n "__fish_id_mint_using_subcommand help; and not __fish_seen_subcommand_from plugin document pack help" -f -a "document" -d 'Mint the identity of a document: Markdown with front matter'
complete -c id-mint -n "__fish_id_mint_using_subcommand help; and not __fish_seen_subcommand_from plugin document pack help" -f -a "pack" -d 'Mint the identity of a policy pack'
complete -c id-mint -n "__fish_id_mint_using_subcommand help; and not __fish_seen_subcommand_from plugin document pack help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
