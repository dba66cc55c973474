#compdef id-guard

autoload -U is-at-least

_id-guard() {
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
":: :_id-guard_commands" \
"*::: :->id-guard" \
&& ret=0
    case $state in
    (id-guard)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-guard-command-$line[1]:"
        case $line[1] in
            (check)
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
'--base=[The base to judge against\: a branch, a tag, a commit]:REV:_default' \
'--head=[What is judged]:REV:_default' \
'(--policy)--policy-from=[Take the policy from this revision instead of the base, as for a branch that is stacked on another one]:REV:_default' \
'(--base)--event=[Take base and head from a GitHub event file]:FILE:_files' \
'--event-name=[The event'\''s name, where it is not in GITHUB_EVENT_NAME]:NAME:_default' \
'*--coverage=[A coverage report (lcov, Cobertura) that the judged plugins are held to; may be given several times]:FILE:_files' \
'(-v --verbose)-q[Print nothing when nothing fails]' \
'(-v --verbose)--quiet[Print nothing when nothing fails]' \
'-v[Print waived findings whole, too]' \
'--verbose[Print waived findings whole, too]' \
'(--head --worktree --pre-push --event)--staged[Judge the index, as the next commit]' \
'(--head --pre-push --event)--worktree[Judge the working tree, as the next commit]' \
'--per-commit[Judge each commit of the range as well, so that an edit that was taken back shows]' \
'--pushed[Judge the mainline itself, as it is pushed, and not a change that is still to be merged; push events and pre-push lines say so]' \
'(--base --head --event)--pre-push[Read what is pushed from standard input, as git'\''s pre-push hook gets it]' \
'--explain-base[Say which base was chosen and why, and judge nothing]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(audit)
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
'--head=[The commit whose history is judged]:REV:_default' \
'--since=[Judge only commits behind this one]:REV:_default' \
'--cache=[Where to keep what the next audit can go on from]:DIR:_files' \
'(-v --verbose)-q[Print nothing when nothing fails]' \
'(-v --verbose)--quiet[Print nothing when nothing fails]' \
'-v[Print waived findings whole, too]' \
'--verbose[Print waived findings whole, too]' \
'--all-parents[Follow every parent of a merge, not only the first]' \
'--verify-objects[Read whole objects and hash each again, instead of trusting the pack'\''s deltas]' \
'(--cache)--no-cache[Begin at the root, and keep nothing]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(ci)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--command=[What to do; without it, \`check\`, which is an audit where the event names no change]:COMMAND:((check\:"Judge the change that the event names"
audit\:"Judge the whole history, every artifact, the ledger and the tags"
post-merge\:"Record what was merged"
release\:"Pack what was tagged, and publish it where a runner asks"))' \
'--base=[The base to judge against, instead of the event'\''s]:REV:_default' \
'--head=[What is judged, instead of the event'\''s]:REV:_default' \
'--event=[The event file]:FILE:_files' \
'--event-name=[The event'\''s name]:NAME:_default' \
'--policy-from=[Where the policy comes from\: \`base\`, or a branch of the remote]:BRANCH:_default' \
'--per-commit=[Judge each commit of the range as well\: \`true\` or \`false\`]:BOOL:_default' \
'--fail-on=[What makes the run fail]:FAIL_ON:((deny\:"Findings of level deny"
warn\:"Warnings as well"
never\:"Nothing that was judged; what could not be judged still does"))' \
'*--report=[Write a report to a file as well, as in \`junit=out.xml\`; may be given several times]:FORMAT=FILE:_default' \
'--reports=[The folder that takes report.json and report.sarif; without it, a new one in RUNNER_TEMP]:DIR:_files' \
'--summary=[Whether to write a job summary\: \`true\` or \`false\`]:BOOL:_default' \
'--annotations-max=[The most annotations of each level; 0 for none]:N:_default' \
'--branch=[The branch that \`post-merge\` records; without it, the remote'\''s default branch]:BRANCH:_default' \
'--writer=[How \`post-merge\` publishes]:WRITER:((push\:"One commit on the branch, pushed with its tags"
pull-request\:"A branch of its own, to be merged like any other change; tags follow once it is"
branch\:"A branch beside the recorded one, which holds the ledger and the registry"))' \
'--tags=[The tags that \`release\` packs, parted by spaces]:TAGS:_default' \
'--remote=[The remote that base and head are fetched from]:REMOTE:_default' \
'--dry-run[Say what \`post-merge\` would do, and do nothing; pack what \`release\` would publish, and publish nothing]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(hook)
_arguments "${_arguments_options[@]}" : \
'-h[Print help]' \
'--help[Print help]' \
":: :_id-guard__subcmd__hook_commands" \
"*::: :->hook" \
&& ret=0

    case $state in
    (hook)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-guard-hook-command-$line[1]:"
        case $line[1] in
            (pre-commit)
_arguments "${_arguments_options[@]}" : \
'-h[Print help]' \
'--help[Print help]' \
'*::given -- What git tells the hook\: for a push, the remote'\''s name and address:_default' \
&& ret=0
;;
(pre-push)
_arguments "${_arguments_options[@]}" : \
'-h[Print help]' \
'--help[Print help]' \
'*::given -- What git tells the hook\: for a push, the remote'\''s name and address:_default' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_id-guard__subcmd__hook__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-guard-hook-help-command-$line[1]:"
        case $line[1] in
            (pre-commit)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(pre-push)
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
(fix)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--dry-run[Write nothing, and say what would be written]' \
'--diff[Write nothing, and show what would change]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(post-merge)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--remote=[The remote whose branch is recorded\: a name or an address]:REMOTE:_default' \
'--branch=[The branch that is recorded; without it, the remote'\''s default branch, or the one that is checked out]:BRANCH:_default' \
'--writer=[How what is recorded comes to the remote]:WRITER:((push\:"One commit on the branch, pushed with its tags"
pull-request\:"A branch of its own, to be merged like any other change; tags follow once it is"
branch\:"A branch beside the recorded one, which holds the ledger and the registry"))' \
'--ledger-branch=[The branch that \`--writer branch\` writes]:BRANCH:_default' \
'--origin=[The log'\''s name, for a ledger that begins; without it, \`ledger.origin\` of the policy]:NAME:_default' \
'--key-file=[The file of the key that signs the log; without it, the variable ID_GUARD_LOG_KEY holds the key itself]:FILE:_files' \
'(--remote)--local[Work on this repository alone\: fetch nothing, push nothing]' \
'--seal[Close what is recorded with a seal of every identity'\''s state]' \
'--sign[Sign commit and tags as git'\''s own configuration says (gpg or ssh); done anyway where commit.gpgSign and tag.gpgSign are set]' \
'--dry-run[Publish nothing and write no object; show what would be]' \
'--json[Print what was done as JSON]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(policy)
_arguments "${_arguments_options[@]}" : \
'-h[Print help]' \
'--help[Print help]' \
":: :_id-guard__subcmd__policy_commands" \
"*::: :->policy" \
&& ret=0

    case $state in
    (policy)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-guard-policy-command-$line[1]:"
        case $line[1] in
            (show)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--rev=[The commit whose policy is read; the working tree'\''s where none is given]:REV:_default' \
'--why=[Show everybody'\''s word on one key, in the order of packs and file\: the last one holds]:KEY:_default' \
'--json[Print it as JSON]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(pin)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--rev=[The commit whose policy is read; the working tree'\''s where none is given]:REV:_default' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(test)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'-h[Print help]' \
'--help[Print help]' \
'*::packs -- The packs; all of the repository'\''s where none is named:_default' \
&& ret=0
;;
(preview)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--rev=[The commit whose policy holds, and whose tree and history are judged]:REV:_default' \
'(--file)--proposed=[The commit whose policy is proposed; the working tree'\''s where none is given]:REV:_default' \
'--file=[A policy file that is proposed]:FILE:_files' \
'--merges=[How many merges of the mainline are judged again, from the last one back]:N:_default' \
'--json[Print it as JSON]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_id-guard__subcmd__policy__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-guard-policy-help-command-$line[1]:"
        case $line[1] in
            (show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(pin)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(test)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(preview)
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
(explain)
_arguments "${_arguments_options[@]}" : \
'-h[Print help]' \
'--help[Print help]' \
':rule -- A rule'\''s code or name:_default' \
&& ret=0
;;
(rules)
_arguments "${_arguments_options[@]}" : \
'--json[Print them as JSON]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(schema)
_arguments "${_arguments_options[@]}" : \
'-h[Print help]' \
'--help[Print help]' \
'::name -- The schema'\''s name; without one, the names are listed:_default' \
&& ret=0
;;
(doctor)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--online[Ask GitHub, through its program gh\: are tags and mainline protected, is the check required?]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(init)
_arguments "${_arguments_options[@]}" : \
'--repo=[The repository, or a directory inside it]:DIR:_files' \
'--action=[The Action that the workflows run, by its commit\: OWNER/NAME@COMMIT, or \`./\` in the repository of the Action itself]:ACTION:_default' \
'--writer=[How the post-merge workflow publishes]:WRITER:((push\:"One commit on the branch, pushed with its tags"
pull-request\:"A branch of its own, to be merged like any other change; tags follow once it is"
branch\:"A branch beside the recorded one, which holds the ledger and the registry"))' \
'--branch=[The mainline; without it, the remote'\''s default branch, or the one that is checked out]:BRANCH:_default' \
'--origin=[The log'\''s name; without it, what the address of the remote \`origin\` makes]:NAME:_default' \
'(--action --base-controlled --writer --branch)--minimal[Write the policy alone\: no workflow]' \
'--base-controlled[Let the base control the gate\: workflow, policy and tools are taken from it]' \
'--hooks[Install git'\''s own hooks as well\: pre-commit and pre-push]' \
'--dry-run[Write nothing, and say what would be written]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(completions)
_arguments "${_arguments_options[@]}" : \
'-h[Print help]' \
'--help[Print help]' \
':shell -- The shell:(bash elvish fish powershell zsh)' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_id-guard__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-guard-help-command-$line[1]:"
        case $line[1] in
            (check)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(audit)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(ci)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(hook)
_arguments "${_arguments_options[@]}" : \
":: :_id-guard__subcmd__help__subcmd__hook_commands" \
"*::: :->hook" \
&& ret=0

    case $state in
    (hook)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-guard-help-hook-command-$line[1]:"
        case $line[1] in
            (pre-commit)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(pre-push)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(fix)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(post-merge)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(policy)
_arguments "${_arguments_options[@]}" : \
":: :_id-guard__subcmd__help__subcmd__policy_commands" \
"*::: :->policy" \
&& ret=0

    case $state in
    (policy)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:id-guard-help-policy-command-$line[1]:"
        case $line[1] in
            (show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(pin)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(test)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(preview)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(explain)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(rules)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(schema)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(doctor)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(init)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(completions)
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

(( $+functions[_id-guard_commands] )) ||
_id-guard_commands() {
    local commands; commands=(
'check:Judge a change\: a branch against its base, the index or the working tree' \
'audit:Judge a whole history, every commit of it' \
'ci:Do what an event of a CI system asks for\: fetch, judge or record, annotate, sum up' \
'hook:Judge from a git hook' \
'fix:Make every derived file again that is stale' \
'post-merge:Record what was merged\: ledger, registry, one commit, tags, one atomic push' \
'policy:Show, pin, test and preview the policy' \
'explain:Say what a rule holds, why, and what to do about a finding' \
'rules:List the rules' \
'schema:Print a JSON Schema' \
'doctor:Look at a repository and say what stands in the way of judging it, or of the gate holding' \
'init:Begin\: write the policy, the workflows and the hooks of a repository that has none' \
'completions:Print completions for a shell' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-guard commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__audit_commands] )) ||
_id-guard__subcmd__audit_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard audit commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__check_commands] )) ||
_id-guard__subcmd__check_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard check commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__ci_commands] )) ||
_id-guard__subcmd__ci_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard ci commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__completions_commands] )) ||
_id-guard__subcmd__completions_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard completions commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__doctor_commands] )) ||
_id-guard__subcmd__doctor_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard doctor commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__explain_commands] )) ||
_id-guard__subcmd__explain_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard explain commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__fix_commands] )) ||
_id-guard__subcmd__fix_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard fix commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__help_commands] )) ||
_id-guard__subcmd__help_commands() {
    local commands; commands=(
'check:Judge a change\: a branch against its base, the index or the working tree' \
'audit:Judge a whole history, every commit of it' \
'ci:Do what an event of a CI system asks for\: fetch, judge or record, annotate, sum up' \
'hook:Judge from a git hook' \
'fix:Make every derived file again that is stale' \
'post-merge:Record what was merged\: ledger, registry, one commit, tags, one atomic push' \
'policy:Show, pin, test and preview the policy' \
'explain:Say what a rule holds, why, and what to do about a finding' \
'rules:List the rules' \
'schema:Print a JSON Schema' \
'doctor:Look at a repository and say what stands in the way of judging it, or of the gate holding' \
'init:Begin\: write the policy, the workflows and the hooks of a repository that has none' \
'completions:Print completions for a shell' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-guard help commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__help__subcmd__audit_commands] )) ||
_id-guard__subcmd__help__subcmd__audit_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard help audit commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__help__subcmd__check_commands] )) ||
_id-guard__subcmd__help__subcmd__check_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard help check commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__help__subcmd__ci_commands] )) ||
_id-guard__subcmd__help__subcmd__ci_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard help ci commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__help__subcmd__completions_commands] )) ||
_id-guard__subcmd__help__subcmd__completions_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard help completions commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__help__subcmd__doctor_commands] )) ||
_id-guard__subcmd__help__subcmd__doctor_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard help doctor commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__help__subcmd__explain_commands] )) ||
_id-guard__subcmd__help__subcmd__explain_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard help explain commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__help__subcmd__fix_commands] )) ||
_id-guard__subcmd__help__subcmd__fix_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard help fix commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__help__subcmd__help_commands] )) ||
_id-guard__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard help help commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__help__subcmd__hook_commands] )) ||
_id-guard__subcmd__help__subcmd__hook_commands() {
    local commands; commands=(
'pre-commit:Judge what the next commit will hold' \
'pre-push:Judge what is pushed\: from git'\''s lines on standard input, or from PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF' \
    )
    _describe -t commands 'id-guard help hook commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__help__subcmd__hook__subcmd__pre-commit_commands] )) ||
_id-guard__subcmd__help__subcmd__hook__subcmd__pre-commit_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard help hook pre-commit commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__help__subcmd__hook__subcmd__pre-push_commands] )) ||
_id-guard__subcmd__help__subcmd__hook__subcmd__pre-push_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard help hook pre-push commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__help__subcmd__init_commands] )) ||
_id-guard__subcmd__help__subcmd__init_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard help init commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__help__subcmd__policy_commands] )) ||
_id-guard__subcmd__help__subcmd__policy_commands() {
    local commands; commands=(
'show:Show what holds\: packs, values, levels and disciplines, each with who set it' \
'pin:Print the pins of the packs that apply\: name, version and SHA-256, as policy.yaml takes them' \
'test:Run the tests of the packs\: \`test_\` rules of their Rego files' \
'preview:Say what another policy would newly flag, or clear\: in the whole repository, and in the last merges' \
    )
    _describe -t commands 'id-guard help policy commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__help__subcmd__policy__subcmd__pin_commands] )) ||
_id-guard__subcmd__help__subcmd__policy__subcmd__pin_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard help policy pin commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__help__subcmd__policy__subcmd__preview_commands] )) ||
_id-guard__subcmd__help__subcmd__policy__subcmd__preview_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard help policy preview commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__help__subcmd__policy__subcmd__show_commands] )) ||
_id-guard__subcmd__help__subcmd__policy__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard help policy show commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__help__subcmd__policy__subcmd__test_commands] )) ||
_id-guard__subcmd__help__subcmd__policy__subcmd__test_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard help policy test commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__help__subcmd__post-merge_commands] )) ||
_id-guard__subcmd__help__subcmd__post-merge_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard help post-merge commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__help__subcmd__rules_commands] )) ||
_id-guard__subcmd__help__subcmd__rules_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard help rules commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__help__subcmd__schema_commands] )) ||
_id-guard__subcmd__help__subcmd__schema_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard help schema commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__hook_commands] )) ||
_id-guard__subcmd__hook_commands() {
    local commands; commands=(
'pre-commit:Judge what the next commit will hold' \
'pre-push:Judge what is pushed\: from git'\''s lines on standard input, or from PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-guard hook commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__hook__subcmd__help_commands] )) ||
_id-guard__subcmd__hook__subcmd__help_commands() {
    local commands; commands=(
'pre-commit:Judge what the next commit will hold' \
'pre-push:Judge what is pushed\: from git'\''s lines on standard input, or from PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-guard hook help commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__hook__subcmd__help__subcmd__help_commands] )) ||
_id-guard__subcmd__hook__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard hook help help commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__hook__subcmd__help__subcmd__pre-commit_commands] )) ||
_id-guard__subcmd__hook__subcmd__help__subcmd__pre-commit_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard hook help pre-commit commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__hook__subcmd__help__subcmd__pre-push_commands] )) ||
_id-guard__subcmd__hook__subcmd__help__subcmd__pre-push_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard hook help pre-push commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__hook__subcmd__pre-commit_commands] )) ||
_id-guard__subcmd__hook__subcmd__pre-commit_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard hook pre-commit commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__hook__subcmd__pre-push_commands] )) ||
_id-guard__subcmd__hook__subcmd__pre-push_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard hook pre-push commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__init_commands] )) ||
_id-guard__subcmd__init_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard init commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__policy_commands] )) ||
_id-guard__subcmd__policy_commands() {
    local commands; commands=(
'show:Show what holds\: packs, values, levels and disciplines, each with who set it' \
'pin:Print the pins of the packs that apply\: name, version and SHA-256, as policy.yaml takes them' \
'test:Run the tests of the packs\: \`test_\` rules of their Rego files' \
'preview:Say what another policy would newly flag, or clear\: in the whole repository, and in the last merges' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-guard policy commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__policy__subcmd__help_commands] )) ||
_id-guard__subcmd__policy__subcmd__help_commands() {
    local commands; commands=(
'show:Show what holds\: packs, values, levels and disciplines, each with who set it' \
'pin:Print the pins of the packs that apply\: name, version and SHA-256, as policy.yaml takes them' \
'test:Run the tests of the packs\: \`test_\` rules of their Rego files' \
'preview:Say what another policy would newly flag, or clear\: in the whole repository, and in the last merges' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'id-guard policy help commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__policy__subcmd__help__subcmd__help_commands] )) ||
_id-guard__subcmd__policy__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard policy help help commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__policy__subcmd__help__subcmd__pin_commands] )) ||
_id-guard__subcmd__policy__subcmd__help__subcmd__pin_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard policy help pin commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__policy__subcmd__help__subcmd__preview_commands] )) ||
_id-guard__subcmd__policy__subcmd__help__subcmd__preview_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard policy help preview commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__policy__subcmd__help__subcmd__show_commands] )) ||
_id-guard__subcmd__policy__subcmd__help__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard policy help show commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__policy__subcmd__help__subcmd__test_commands] )) ||
_id-guard__subcmd__policy__subcmd__help__subcmd__test_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard policy help test commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__policy__subcmd__pin_commands] )) ||
_id-guard__subcmd__policy__subcmd__pin_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard policy pin commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__policy__subcmd__preview_commands] )) ||
_id-guard__subcmd__policy__subcmd__preview_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard policy preview commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__policy__subcmd__show_commands] )) ||
_id-guard__subcmd__policy__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard policy show commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__policy__subcmd__test_commands] )) ||
_id-guard__subcmd__policy__subcmd__test_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard policy test commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__post-merge_commands] )) ||
_id-guard__subcmd__post-merge_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard post-merge commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__rules_commands] )) ||
_id-guard__subcmd__rules_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard rules commands' commands "$@"
}
(( $+functions[_id-guard__subcmd__schema_commands] )) ||
_id-guard__subcmd__schema_commands() {
    local commands; commands=()
    _describe -t commands 'id-guard schema commands' commands "$@"
}

if [ "$funcstack[1]" = "_id-guard" ]; then
    _id-guard "$@"
else
    compdef _id-guard id-guard
fi
