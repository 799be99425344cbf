//! The `touchmark` binary as the test suite runs it: `CARGO_BIN_EXE_*` is set for this package's own binaries only.

fn main() -> std::process::ExitCode {
    touchmark_cli::run()
}
