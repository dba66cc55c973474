# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_id_guard_global_optspecs
    string join \n h/help V/version
end

function __fish_id_guard_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_id_guard_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_id_guard_using_subcommand
    set -l cmd (__fish_id_guard_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c id-guard -n "__fish_id_guard_needs_command" -s h -l help -d 'Print help'
complete -c id-guard -n "__fish_id_guard_needs_command" -s V -l version -d 'Print version'
complete -c id-guard -n "__fish_id_guard_needs_command" -f -a "check" -d 'Judge a change: a branch against its base, the index or the working tree'
complete -c id-guard -n "__fish_id_guard_needs_command" -f -a "audit" -d 'Judge a whole history, every commit of it'
complete -c id-guard -n "__fish_id_guard_needs_command" -f -a "ci" -d 'Do what an event of a CI system asks for: fetch, judge or record, annotate, sum up'
complete -c id-guard -n "__fish_id_guard_needs_command" -f -a "hook" -d 'Judge from a git hook'
complete -c id-guard -n "__fish_id_guard_needs_command" -f -a "fix" -d 'Make every derived file again that is stale'
complete -c id-guard -n "__fish_id_guard_needs_command" -f -a "post-merge" -d 'Record what was merged: ledger, registry, one commit, tags, one atomic push'
complete -c id-guard -n "__fish_id_guard_needs_command" -f -a "policy" -d 'Show, pin, test and preview the policy'
complete -c id-guard -n "__fish_id_guard_needs_command" -f -a "explain" -d 'Say what a rule holds, why, and what to do about a finding'
complete -c id-guard -n "__fish_id_guard_needs_command" -f -a "rules" -d 'List the rules'
complete -c id-guard -n "__fish_id_guard_needs_command" -f -a "schema" -d 'Print a JSON Schema'
complete -c id-guard -n "__fish_id_guard_needs_command" -f -a "doctor" -d 'Look at a repository and say what stands in the way of judging it, or of the gate holding'
complete -c id-guard -n "__fish_id_guard_needs_command" -f -a "init" -d 'Begin: write the policy, the workflows and the hooks of a repository that has none'
complete -c id-guard -n "__fish_id_guard_needs_command" -f -a "completions" -d 'Print completions for a shell'
complete -c id-guard -n "__fish_id_guard_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c id-guard -n "__fish_id_guard_using_subcommand check" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-guard -n "__fish_id_guard_using_subcommand check" -l policy -d 'Judge with this policy file instead of the one on base' -r -F
complete -c id-guard -n "__fish_id_guard_using_subcommand check" -l format -d 'How to print the report' -r -f -a "human\t'For a person at a terminal'
json\t'For programs; see `id-guard schema report`'
sarif\t'SARIF 2.1.0, for code scanning'
github\t'GitHub annotations'
junit\t'JUnit XML'
summary\t'Markdown for a GitHub job summary'"
complete -c id-guard -n "__fish_id_guard_using_subcommand check" -l report -d 'Write a report to a file as well, as in `sarif=out.sarif`; may be given several times' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand check" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c id-guard -n "__fish_id_guard_using_subcommand check" -l annotations-max -d 'The most annotations of each level that `--format github` prints' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand check" -l base -d 'The base to judge against: a branch, a tag, a commit' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand check" -l head -d 'What is judged' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand check" -l policy-from -d 'Take the policy from this revision instead of the base, as for a branch that is stacked on another one' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand check" -l event -d 'Take base and head from a GitHub event file' -r -F
complete -c id-guard -n "__fish_id_guard_using_subcommand check" -l event-name -d 'The event\'s name, where it is not in GITHUB_EVENT_NAME' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand check" -l coverage -d 'A coverage report (lcov, Cobertura) that the judged plugins are held to; may be given several times' -r -F
complete -c id-guard -n "__fish_id_guard_using_subcommand check" -s q -l quiet -d 'Print nothing when nothing fails'
complete -c id-guard -n "__fish_id_guard_using_subcommand check" -s v -l verbose -d 'Print waived findings whole, too'
complete -c id-guard -n "__fish_id_guard_using_subcommand check" -l staged -d 'Judge the index, as the next commit'
complete -c id-guard -n "__fish_id_guard_using_subcommand check" -l worktree -d 'Judge the working tree, as the next commit'
complete -c id-guard -n "__fish_id_guard_using_subcommand check" -l per-commit -d 'Judge each commit of the range as well, so that an edit that was taken back shows'
complete -c id-guard -n "__fish_id_guard_using_subcommand check" -l pushed -d 'Judge the mainline itself, as it is pushed, and not a change that is still to be merged; push events and pre-push lines say so'
complete -c id-guard -n "__fish_id_guard_using_subcommand check" -l pre-push -d 'Read what is pushed from standard input, as git\'s pre-push hook gets it'
complete -c id-guard -n "__fish_id_guard_using_subcommand check" -l explain-base -d 'Say which base was chosen and why, and judge nothing'
complete -c id-guard -n "__fish_id_guard_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c id-guard -n "__fish_id_guard_using_subcommand audit" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-guard -n "__fish_id_guard_using_subcommand audit" -l policy -d 'Judge with this policy file instead of the one on base' -r -F
complete -c id-guard -n "__fish_id_guard_using_subcommand audit" -l format -d 'How to print the report' -r -f -a "human\t'For a person at a terminal'
json\t'For programs; see `id-guard schema report`'
sarif\t'SARIF 2.1.0, for code scanning'
github\t'GitHub annotations'
junit\t'JUnit XML'
summary\t'Markdown for a GitHub job summary'"
complete -c id-guard -n "__fish_id_guard_using_subcommand audit" -l report -d 'Write a report to a file as well, as in `sarif=out.sarif`; may be given several times' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand audit" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c id-guard -n "__fish_id_guard_using_subcommand audit" -l annotations-max -d 'The most annotations of each level that `--format github` prints' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand audit" -l head -d 'The commit whose history is judged' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand audit" -l since -d 'Judge only commits behind this one' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand audit" -l cache -d 'Where to keep what the next audit can go on from' -r -F
complete -c id-guard -n "__fish_id_guard_using_subcommand audit" -s q -l quiet -d 'Print nothing when nothing fails'
complete -c id-guard -n "__fish_id_guard_using_subcommand audit" -s v -l verbose -d 'Print waived findings whole, too'
complete -c id-guard -n "__fish_id_guard_using_subcommand audit" -l all-parents -d 'Follow every parent of a merge, not only the first'
complete -c id-guard -n "__fish_id_guard_using_subcommand audit" -l verify-objects -d 'Read whole objects and hash each again, instead of trusting the pack\'s deltas'
complete -c id-guard -n "__fish_id_guard_using_subcommand audit" -l no-cache -d 'Begin at the root, and keep nothing'
complete -c id-guard -n "__fish_id_guard_using_subcommand audit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c id-guard -n "__fish_id_guard_using_subcommand ci" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-guard -n "__fish_id_guard_using_subcommand ci" -l command -d 'What to do; without it, `check`, which is an audit where the event names no change' -r -f -a "check\t'Judge the change that the event names'
audit\t'Judge the whole history, every artifact, the ledger and the tags'
post-merge\t'Record what was merged'
release\t'Pack what was tagged, and publish it where a runner asks'"
complete -c id-guard -n "__fish_id_guard_using_subcommand ci" -l base -d 'The base to judge against, instead of the event\'s' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand ci" -l head -d 'What is judged, instead of the event\'s' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand ci" -l event -d 'The event file' -r -F
complete -c id-guard -n "__fish_id_guard_using_subcommand ci" -l event-name -d 'The event\'s name' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand ci" -l policy-from -d 'Where the policy comes from: `base`, or a branch of the remote' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand ci" -l per-commit -d 'Judge each commit of the range as well: `true` or `false`' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand ci" -l fail-on -d 'What makes the run fail' -r -f -a "deny\t'Findings of level deny'
warn\t'Warnings as well'
never\t'Nothing that was judged; what could not be judged still does'"
complete -c id-guard -n "__fish_id_guard_using_subcommand ci" -l report -d 'Write a report to a file as well, as in `junit=out.xml`; may be given several times' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand ci" -l reports -d 'The folder that takes report.json and report.sarif; without it, a new one in RUNNER_TEMP' -r -F
complete -c id-guard -n "__fish_id_guard_using_subcommand ci" -l summary -d 'Whether to write a job summary: `true` or `false`' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand ci" -l annotations-max -d 'The most annotations of each level; 0 for none' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand ci" -l branch -d 'The branch that `post-merge` records; without it, the remote\'s default branch' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand ci" -l writer -d 'How `post-merge` publishes' -r -f -a "push\t'One commit on the branch, pushed with its tags'
pull-request\t'A branch of its own, to be merged like any other change; tags follow once it is'
branch\t'A branch beside the recorded one, which holds the ledger and the registry'"
complete -c id-guard -n "__fish_id_guard_using_subcommand ci" -l tags -d 'The tags that `release` packs, parted by spaces' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand ci" -l remote -d 'The remote that base and head are fetched from' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand ci" -l dry-run -d 'Say what `post-merge` would do, and do nothing; pack what `release` would publish, and publish nothing'
complete -c id-guard -n "__fish_id_guard_using_subcommand ci" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c id-guard -n "__fish_id_guard_using_subcommand hook; and not __fish_seen_subcommand_from pre-commit pre-push help" -s h -l help -d 'Print help'
complete -c id-guard -n "__fish_id_guard_using_subcommand hook; and not __fish_seen_subcommand_from pre-commit pre-push help" -f -a "pre-commit" -d 'Judge what the next commit will hold'
complete -c id-guard -n "__fish_id_guard_using_subcommand hook; and not __fish_seen_subcommand_from pre-commit pre-push help" -f -a "pre-push" -d 'Judge what is pushed: from git\'s lines on standard input, or from PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF'
complete -c id-guard -n "__fish_id_guard_using_subcommand hook; and not __fish_seen_subcommand_from pre-commit pre-push help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c id-guard -n "__fish_id_guard_using_subcommand hook; and __fish_seen_subcommand_from pre-commit" -s h -l help -d 'Print help'
complete -c id-guard -n "__fish_id_guard_using_subcommand hook; and __fish_seen_subcommand_from pre-push" -s h -l help -d 'Print help'
complete -c id-guard -n "__fish_id_guard_using_subcommand hook; and __fish_seen_subcommand_from help" -f -a "pre-commit" -d 'Judge what the next commit will hold'
complete -c id-guard -n "__fish_id_guard_using_subcommand hook; and __fish_seen_subcommand_from help" -f -a "pre-push" -d 'Judge what is pushed: from git\'s lines on standard input, or from PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF'
complete -c id-guard -n "__fish_id_guard_using_subcommand hook; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c id-guard -n "__fish_id_guard_using_subcommand fix" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-guard -n "__fish_id_guard_using_subcommand fix" -l dry-run -d 'Write nothing, and say what would be written'
complete -c id-guard -n "__fish_id_guard_using_subcommand fix" -l diff -d 'Write nothing, and show what would change'
complete -c id-guard -n "__fish_id_guard_using_subcommand fix" -s h -l help -d 'Print help'
complete -c id-guard -n "__fish_id_guard_using_subcommand post-merge" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-guard -n "__fish_id_guard_using_subcommand post-merge" -l remote -d 'The remote whose branch is recorded: a name or an address' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand post-merge" -l branch -d 'The branch that is recorded; without it, the remote\'s default branch, or the one that is checked out' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand post-merge" -l writer -d 'How what is recorded comes to the remote' -r -f -a "push\t'One commit on the branch, pushed with its tags'
pull-request\t'A branch of its own, to be merged like any other change; tags follow once it is'
branch\t'A branch beside the recorded one, which holds the ledger and the registry'"
complete -c id-guard -n "__fish_id_guard_using_subcommand post-merge" -l ledger-branch -d 'The branch that `--writer branch` writes' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand post-merge" -l origin -d 'The log\'s name, for a ledger that begins; without it, `ledger.origin` of the policy' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand post-merge" -l key-file -d 'The file of the key that signs the log; without it, the variable ID_GUARD_LOG_KEY holds the key itself' -r -F
complete -c id-guard -n "__fish_id_guard_using_subcommand post-merge" -l local -d 'Work on this repository alone: fetch nothing, push nothing'
complete -c id-guard -n "__fish_id_guard_using_subcommand post-merge" -l seal -d 'Close what is recorded with a seal of every identity\'s state'
complete -c id-guard -n "__fish_id_guard_using_subcommand post-merge" -l sign -d 'Sign commit and tags as git\'s own configuration says (gpg or ssh); done anyway where commit.gpgSign and tag.gpgSign are set'
complete -c id-guard -n "__fish_id_guard_using_subcommand post-merge" -l dry-run -d 'Publish nothing and write no object; show what would be'
complete -c id-guard -n "__fish_id_guard_using_subcommand post-merge" -l json -d 'Print what was done as JSON'
complete -c id-guard -n "__fish_id_guard_using_subcommand post-merge" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and not __fish_seen_subcommand_from show pin test preview help" -s h -l help -d 'Print help'
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and not __fish_seen_subcommand_from show pin test preview help" -f -a "show" -d 'Show what holds: packs, values, levels and disciplines, each with who set it'
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and not __fish_seen_subcommand_from show pin test preview help" -f -a "pin" -d 'Print the pins of the packs that apply: name, version and SHA-256, as policy.yaml takes them'
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and not __fish_seen_subcommand_from show pin test preview help" -f -a "test" -d 'Run the tests of the packs: `test_` rules of their Rego files'
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and not __fish_seen_subcommand_from show pin test preview help" -f -a "preview" -d 'Say what another policy would newly flag, or clear: in the whole repository, and in the last merges'
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and not __fish_seen_subcommand_from show pin test preview help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and __fish_seen_subcommand_from show" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and __fish_seen_subcommand_from show" -l rev -d 'The commit whose policy is read; the working tree\'s where none is given' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and __fish_seen_subcommand_from show" -l why -d 'Show everybody\'s word on one key, in the order of packs and file: the last one holds' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and __fish_seen_subcommand_from show" -l json -d 'Print it as JSON'
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and __fish_seen_subcommand_from pin" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and __fish_seen_subcommand_from pin" -l rev -d 'The commit whose policy is read; the working tree\'s where none is given' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and __fish_seen_subcommand_from pin" -s h -l help -d 'Print help'
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and __fish_seen_subcommand_from test" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help'
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and __fish_seen_subcommand_from preview" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and __fish_seen_subcommand_from preview" -l rev -d 'The commit whose policy holds, and whose tree and history are judged' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and __fish_seen_subcommand_from preview" -l proposed -d 'The commit whose policy is proposed; the working tree\'s where none is given' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and __fish_seen_subcommand_from preview" -l file -d 'A policy file that is proposed' -r -F
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and __fish_seen_subcommand_from preview" -l merges -d 'How many merges of the mainline are judged again, from the last one back' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and __fish_seen_subcommand_from preview" -l json -d 'Print it as JSON'
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and __fish_seen_subcommand_from preview" -s h -l help -d 'Print help'
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show what holds: packs, values, levels and disciplines, each with who set it'
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "pin" -d 'Print the pins of the packs that apply: name, version and SHA-256, as policy.yaml takes them'
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "test" -d 'Run the tests of the packs: `test_` rules of their Rego files'
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "preview" -d 'Say what another policy would newly flag, or clear: in the whole repository, and in the last merges'
complete -c id-guard -n "__fish_id_guard_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c id-guard -n "__fish_id_guard_using_subcommand explain" -s h -l help -d 'Print help'
complete -c id-guard -n "__fish_id_guard_using_subcommand rules" -l json -d 'Print them as JSON'
complete -c id-guard -n "__fish_id_guard_using_subcommand rules" -s h -l help -d 'Print help'
complete -c id-guard -n "__fish_id_guard_using_subcommand schema" -s h -l help -d 'Print help'
complete -c id-guard -n "__fish_id_guard_using_subcommand doctor" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-guard -n "__fish_id_guard_using_subcommand doctor" -l online -d 'Ask GitHub, through its program gh: are tags and mainline protected, is the check required?'
complete -c id-guard -n "__fish_id_guard_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c id-guard -n "__fish_id_guard_using_subcommand init" -l repo -d 'The repository, or a directory inside it' -r -F
complete -c id-guard -n "__fish_id_guard_using_subcommand init" -l action -d 'The Action that the workflows run, by its commit: OWNER/NAME@COMMIT, or `./` in the repository of the Action itself' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand init" -l writer -d 'How the post-merge workflow publishes' -r -f -a "push\t'One commit on the branch, pushed with its tags'
pull-request\t'A branch of its own, to be merged like any other change; tags follow once it is'
branch\t'A branch beside the recorded one, which holds the ledger and the registry'"
complete -c id-guard -n "__fish_id_guard_using_subcommand init" -l branch -d 'The mainline; without it, the remote\'s default branch, or the one that is checked out' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand init" -l origin -d 'The log\'s name; without it, what the address of the remote `origin` makes' -r
complete -c id-guard -n "__fish_id_guard_using_subcommand init" -l minimal -d 'Write the policy alone: no workflow'
complete -c id-guard -n "__fish_id_guard_using_subcommand init" -l base-controlled -d 'Let the base control the gate: workflow, policy and tools are taken from it'
complete -c id-guard -n "__fish_id_guard_using_subcommand init" -l hooks -d 'Install git\'s own hooks as well: pre-commit and pre-push'
complete -c id-guard -n "__fish_id_guard_using_subcommand init" -l dry-run -d 'Write nothing, and say what would be written'
complete -c id-guard -n "__fish_id_guard_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c id-guard -n "__fish_id_guard_using_subcommand completions" -s h -l help -d 'Print help'
complete -c id-guard -n "__fish_id_guard_using_subcommand help; and not __fish_seen_subcommand_from check audit ci hook fix post-merge policy explain rules schema doctor init completions help" -f -a "check" -d 'Judge a change: a branch against its base, the index or the working tree'
complete -c id-guard -n "__fish_id_guard_using_subcommand help; and not __fish_seen_subcommand_from check audit ci hook fix post-merge policy explain rules schema doctor init completions help" -f -a "audit" -d 'Judge a whole history, every commit of it'
complete -c id-guard -n "__fish_id_guard_using_subcommand help; and not __fish_seen_subcommand_from check audit ci hook fix post-merge policy explain rules schema doctor init completions help" -f -a "ci" -d 'Do what an event of a CI system asks for: fetch, judge or record, annotate, sum up'
complete -c id-guard -n "__fish_id_guard_using_subcommand help; and not __fish_seen_subcommand_from check audit ci hook fix post-merge policy explain rules schema doctor init completions help" -f -a "hook" -d 'Judge from a git hook'
complete -c id-guard -n "__fish_id_guard_using_subcommand help; and not __fish_seen_subcommand_from check audit ci hook fix post-merge policy explain rules schema doctor init completions help" -f -a "fix" -d 'Make every derived file again that is stale'
complete -c id-guard -n "__fish_id_guard_using_subcommand help; and not __fish_seen_subcommand_from check audit ci hook fix post-merge policy explain rules schema doctor init completions help" -f -a "post-merge" -d 'Record what was merged: ledger, registry, one commit, tags, one atomic push'
complete -c id-guard -n "__fish_id_guard_using_subcommand help; and not __fish_seen_subcommand_from check audit ci hook fix post-merge policy explain rules schema doctor init completions help" -f -a "policy" -d 'Show, pin, test and preview the policy'
complete -c id-guard -n "__fish_id_guard_using_subcommand help; and not __fish_seen_subcommand_from check audit ci hook fix post-merge policy explain rules schema doctor init completions help" -f -a "explain" -d 'Say what a rule holds, why, and what to do about a finding'
complete -c id-guard -n "__fish_id_guard_using_subcommand help; and not __fish_seen_subcommand_from check audit ci hook fix post-merge policy explain rules schema doctor init completions help" -f -a "rules" -d 'List the rules'
complete -c id-guard -n "__fish_id_guard_using_subcommand help; and not __fish_seen_subcommand_from check audit ci hook fix post-merge policy explain rules schema doctor init completions help" -f -a "schema" -d 'Print a JSON Schema'
complete -c id-guard -n "__fish_id_guard_using_subcommand help; and not __fish_seen_subcommand_from check audit ci hook fix post-merge policy explain rules schema doctor init completions help" -f -a "doctor" -d 'Look at a repository and say what stands in the way of judging it, or of the gate holding'
complete -c id-guard -n "__fish_id_guard_using_subcommand help; and not __fish_seen_subcommand_from check audit ci hook fix post-merge policy explain rules schema doctor init completions help" -f -a "init" -d 'Begin: write the policy, the workflows and the hooks of a repository that has none'
complete -c id-guard -n "__fish_id_guard_using_subcommand help; and not __fish_seen_subcommand_from check audit ci hook fix post-merge policy explain rules schema doctor init completions help" -f -a "completions" -d 'Print completions for a shell'
complete -c id-guard -n "__fish_id_guard_using_subcommand help; and not __fish_seen_subcommand_from check audit ci hook fix post-merge policy explain rules schema doctor init completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c id-guard -n "__fish_id_guard_using_subcommand help; and __fish_seen_subcommand_from hook" -f -a "pre-commit" -d 'Judge what the next commit will hold'
complete -c id-guard -n "__fish_id_guard_using_subcommand help; and __fish_seen_subcommand_from hook" -f -a "pre-push" -d 'Judge what is pushed: from git\'s lines on standard input, or from PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF'
complete -c id-guard -n "__fish_id_guard_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "show" -d 'Show what holds: packs, values, levels and disciplines, each with who set it'
complete -c id-guard -n "__fish_id_guard_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "pin" -d 'Print the pins of the packs that apply: name, version and SHA-256, as policy.yaml takes them'
complete -c id-guard -n "__fish_id_guard_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "test" -d 'Run the tests of the packs: `test_` rules of their Rego files'
complete -c id-guard -n "__fish_id_guard_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "preview" -d 'Say what another policy would newly flag, or clear: in the whole repository, and in the last merges'
