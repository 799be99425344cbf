//! The `touchmark` command.

fn main() -> std::process::ExitCode {
    touchmark_cli::run()
}
