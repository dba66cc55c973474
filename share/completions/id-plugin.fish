# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_id_plugin_global_optspecs
    string join \n h/help V/version
end

function __fish_id_plugin_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_id_plugin_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_id_plugin_using_subcommand
    set -l cmd (__fish_id_plugin_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c id-plugin -n "__fish_id_plugin_needs_command" -s h -l help -d 'Print help'
complete -c id-plugin -n "__fish_id_plugin_needs_command" -s V -l version -d 'Print version'
complete -c id-plugin -n "__fish_id_plugin_needs_command" -f -a "new" -d 'Make a plugin: its ID card, its nine artifacts, a handler that answers and tests that run'
complete -c id-plugin -n "__fish_id_plugin_needs_command" -f -a "generate" -d 'Make the derived files again: manifest, contract, policy snapshot, README, health check, AUTO sections'
complete -c id-plugin -n "__fish_id_plugin_needs_command" -f -a "add-operation" -d 'Add an operation: to the spec, with schemas, examples, a test, a scenario and a function'
complete -c id-plugin -n "__fish_id_plugin_needs_command" -f -a "bump" -d 'Raise the version'
complete -c id-plugin -n "__fish_id_plugin_needs_command" -f -a "deprecate" -d 'Say that a plugin is not to be used any more'
complete -c id-plugin -n "__fish_id_plugin_needs_command" -f -a "move" -d 'Move a plugin to another folder of `plugins/`'
complete -c id-plugin -n "__fish_id_plugin_needs_command" -f -a "rekey" -d 'Give a plugin another key; the old one stays as an alias'
complete -c id-plugin -n "__fish_id_plugin_needs_command" -f -a "consolidate" -d 'Let one plugin take in others: they point to it, and it names them'
complete -c id-plugin -n "__fish_id_plugin_needs_command" -f -a "list" -d 'List the plugins: key, version, status, folder, and whether their derived files are fresh'
complete -c id-plugin -n "__fish_id_plugin_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand new" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-plugin -n "__fish_id_plugin_using_subcommand new" -l owner -d 'Who answers for the artifact; without it, git\'s user.email' -r
complete -c id-plugin -n "__fish_id_plugin_using_subcommand new" -l path -d 'Where the artifact lies, from the root of the repository' -r
complete -c id-plugin -n "__fish_id_plugin_using_subcommand new" -l key -d 'The key, instead of the one that the name makes' -r
complete -c id-plugin -n "__fish_id_plugin_using_subcommand new" -l ulid -d 'Take a ULID that was made elsewhere, instead of making one' -r
complete -c id-plugin -n "__fish_id_plugin_using_subcommand new" -l notes -d 'Anything else that the card shall say' -r
complete -c id-plugin -n "__fish_id_plugin_using_subcommand new" -l language -d 'The language of the handler' -r -f -a "python\t'Python 3, with its own library alone'
rust\t'Rust, as a cargo package of its own'
typescript\t'TypeScript, as Node 22.18 and later run it'"
complete -c id-plugin -n "__fish_id_plugin_using_subcommand new" -l operation -d 'An operation, as in `render`; may be given again' -r
complete -c id-plugin -n "__fish_id_plugin_using_subcommand new" -l description -d 'What the plugin is for' -r
complete -c id-plugin -n "__fish_id_plugin_using_subcommand new" -l license -d 'An SPDX licence expression' -r
complete -c id-plugin -n "__fish_id_plugin_using_subcommand new" -l api -d 'The interface that it is made for' -r
complete -c id-plugin -n "__fish_id_plugin_using_subcommand new" -l range -d 'The versions of the interface that it works with' -r
complete -c id-plugin -n "__fish_id_plugin_using_subcommand new" -l private -d 'Keep the identity inside this repository'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand new" -l dry-run -d 'Show the card and write nothing'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand new" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand generate" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-plugin -n "__fish_id_plugin_using_subcommand generate" -l dry-run -d 'Write nothing, and say what would be written'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand generate" -l diff -d 'Write nothing, and show what would change'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand generate" -l check -d 'Write nothing, and exit with 1 where something is stale'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand generate" -l refresh -d 'Take the policy snapshot anew, even if the one that stands was made for this version'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand generate" -s h -l help -d 'Print help'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand add-operation" -l summary -d 'What it does, in a line' -r
complete -c id-plugin -n "__fish_id_plugin_using_subcommand add-operation" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-plugin -n "__fish_id_plugin_using_subcommand add-operation" -l dry-run -d 'Write nothing, and say what would be written'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand add-operation" -l diff -d 'Write nothing, and show what would change'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand add-operation" -s h -l help -d 'Print help'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand bump" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-plugin -n "__fish_id_plugin_using_subcommand bump" -l dry-run -d 'Write nothing, and say what would be written'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand bump" -l diff -d 'Write nothing, and show what would change'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand bump" -s h -l help -d 'Print help'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand deprecate" -l reason -d 'Why' -r
complete -c id-plugin -n "__fish_id_plugin_using_subcommand deprecate" -l replaced-by -d 'The key of what to use instead' -r
complete -c id-plugin -n "__fish_id_plugin_using_subcommand deprecate" -l since -d 'The version from which on; today\'s where none is given' -r
complete -c id-plugin -n "__fish_id_plugin_using_subcommand deprecate" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-plugin -n "__fish_id_plugin_using_subcommand deprecate" -l dry-run -d 'Write nothing, and say what would be written'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand deprecate" -l diff -d 'Write nothing, and show what would change'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand deprecate" -s h -l help -d 'Print help'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand move" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-plugin -n "__fish_id_plugin_using_subcommand move" -l dry-run -d 'Write nothing, and say what would be written'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand move" -l diff -d 'Write nothing, and show what would change'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand move" -s h -l help -d 'Print help'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand rekey" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-plugin -n "__fish_id_plugin_using_subcommand rekey" -l dry-run -d 'Write nothing, and say what would be written'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand rekey" -l diff -d 'Write nothing, and show what would change'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand rekey" -s h -l help -d 'Print help'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand consolidate" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-plugin -n "__fish_id_plugin_using_subcommand consolidate" -l dry-run -d 'Write nothing, and say what would be written'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand consolidate" -l diff -d 'Write nothing, and show what would change'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand consolidate" -s h -l help -d 'Print help'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand list" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-plugin -n "__fish_id_plugin_using_subcommand list" -l json -d 'Print them as JSON'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand list" -s h -l help -d 'Print help'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand help; and not __fish_seen_subcommand_from new generate add-operation bump deprecate move rekey consolidate list help" -f -a "new" -d 'Make a plugin: its ID card, its nine artifacts, a handler that answers and tests that run'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand help; and not __fish_seen_subcommand_from new generate add-operation bump deprecate move rekey consolidate list help" -f -a "generate" -d 'Make the derived files again: manifest, contract, policy snapshot, README, health check, AUTO sections'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand help; and not __fish_seen_subcommand_from new generate add-operation bump deprecate move rekey consolidate list help" -f -a "add-operation" -d 'Add an operation: to the spec, with schemas, examples, a test, a scenario and a function'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand help; and not __fish_seen_subcommand_from new generate add-operation bump deprecate move rekey consolidate list help" -f -a "bump" -d 'Raise the version'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand help; and not __fish_seen_subcommand_from new generate add-operation bump deprecate move rekey consolidate list help" -f -a "deprecate" -d 'Say that a plugin is not to be used any more'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand help; and not __fish_seen_subcommand_from new generate add-operation bump deprecate move rekey consolidate list help" -f -a "move" -d 'Move a plugin to another folder of `plugins/`'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand help; and not __fish_seen_subcommand_from new generate add-operation bump deprecate move rekey consolidate list help" -f -a "rekey" -d 'Give a plugin another key; the old one stays as an alias'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand help; and not __fish_seen_subcommand_from new generate add-operation bump deprecate move rekey consolidate list help" -f -a "consolidate" -d 'Let one plugin take in others: they point to it, and it names them'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand help; and not __fish_seen_subcommand_from new generate add-operation bump deprecate move rekey consolidate list help" -f -a "list" -d 'List the plugins: key, version, status, folder, and whether their derived files are fresh'
complete -c id-plugin -n "__fish_id_plugin_using_subcommand help; and not __fish_seen_subcommand_from new generate add-operation bump deprecate move rekey consolidate list help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
