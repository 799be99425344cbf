//! The binary, as people type it: each case in `tests/cmd/` is a session, run in a copy of its own folder.

use std::path::Path;

use trycmd::TestCases;
use trycmd::schema::Bin;

#[test]
fn sessions_print_what_they_say() {
    TestCases::new()
        .register_bin("touchmark", Bin::Path(Path::new(env!("CARGO_BIN_EXE_touchmark-under-test")).to_owned()))
        // Relative: inside the copy of the case's folder, so that each case is a fresh machine.
        .env("TOUCHMARK_DATA_DIR", ".data")
        .env("HOME", "/nonexistent")
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .env("XDG_DATA_HOME", "/nonexistent")
        .case("cmd/*.trycmd")
        .run();
}
