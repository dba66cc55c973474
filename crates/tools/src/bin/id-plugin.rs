//! `id-plugin`: creates plugins, manages their lifecycle, and checks and lists those of other systems.

fn main() -> std::process::ExitCode {
    cli::plugin(cli::PluginDatabase {
        is_index: sqlite::is_plugin_index,
        write: |path, index| Ok(sqlite::write_plugins(path, index)?),
        is_current: |path, index| Ok(sqlite::has_plugins(path, index)?),
    })
}
