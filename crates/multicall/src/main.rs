//! `id-tools`: every tool in one executable, which runs the tool that its file name names.

fn main() -> std::process::ExitCode {
    cli::multicall(cli::Databases {
        registry: |path, exported, ledger| Ok(sqlite::export(path, exported, ledger)?),
        plugins: cli::PluginDatabase {
            is_index: sqlite::is_plugin_index,
            write: |path, index| Ok(sqlite::write_plugins(path, index)?),
            is_current: |path, index| Ok(sqlite::has_plugins(path, index)?),
        },
    })
}
